package document

import "github.com/inkpool/inkpool/backend/inkpool"

// damaged says that a picture cannot be decoded.
func damaged(cause error) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this picture is damaged and cannot be read").
		WithHint("Open it in another program and save it again, or get a new copy of it.").
		WithCause(cause)
}

// unsupportedVariant says that a picture uses a rare feature of a format that we do read.
func unsupportedVariant(f Format, cause error) error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this kind of %s picture is not supported", f.Name()).
		WithHint("Save it as PNG or JPEG in another program and try again.").
		WithCause(cause)
}

func empty() error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this file is empty").
		WithHint("Get a new copy of it: it may not have been saved or copied completely.")
}
