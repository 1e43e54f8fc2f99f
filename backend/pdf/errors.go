package pdf

import (
	"context"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/wasm"
)

// explain turns what ended a piece of work into an error for people.
func explain(ctx context.Context, err error, starved bool) error {
	var trap *wasm.Trap
	switch {
	case err == nil || !errors.As(err, &trap):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w in %s", ctx.Err(), trap.Call)
	case starved:
		return outOfMemory(trap)
	default:
		return damagedPage(trap)
	}
}

func outOfMemory(cause error) error {
	return inkpool.Errorf(inkpool.CodeOutOfMemory, "this page needs more memory than a page may have").
		WithHint("Save the page in another program with smaller pictures, and try again.").
		WithCause(cause)
}

func damagedPage(cause error) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this page is damaged and cannot be shown").
		WithHint("Open the document in another program and print it to a new PDF.").
		WithCause(cause)
}

func noSuchPage(page, pages int) error {
	return inkpool.Errorf(inkpool.CodeInvalid, "this document has no page %d: it has %d", page+1, pages).
		WithHint("It may have been replaced by another one: add it again.")
}

func tooManyPages(pages, most int) error {
	return inkpool.Errorf(inkpool.CodeTooLarge, "this document has %d pages; the limit is %d", pages, most).
		WithHint("Split it into smaller documents and try again.")
}

func closed() error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "this document has been closed")
}

// loadErrors are the numbers of FPDF_GetLastError (fpdfview.h).
const (
	loadErrorFormat   = 3
	loadErrorPassword = 4
	loadErrorSecurity = 5
)

// loadError says why a document does not open.
func loadError(number uint64, passwordGiven bool) error {
	switch {
	case number == loadErrorPassword && passwordGiven:
		return inkpool.Errorf(inkpool.CodeEncrypted, "the password does not open this document").
			WithHint("Check its password and add the document again.")
	case number == loadErrorPassword:
		return inkpool.Errorf(inkpool.CodeEncrypted, "this document is protected by a password").
			WithHint("Add it again together with its password, or save a copy that needs none.")
	case number == loadErrorSecurity:
		return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "the protection of this document is not supported").
			WithHint("Open it in the program that it was made for, and print it to a new PDF.")
	default:
		return inkpool.Errorf(inkpool.CodeInvalid, "this PDF is damaged and cannot be opened").
			WithHint("Open it in another program and save it again, or get a new copy of it.").
			WithCause(fmt.Errorf("FPDF_GetLastError: %d", number))
	}
}

// asDocumentError says of a document what explain says of a page.
func asDocumentError(err error) error {
	var trap *wasm.Trap
	if inkpool.CodeOf(err) == inkpool.CodeInvalid && errors.As(err, &trap) {
		return loadError(loadErrorFormat, false)
	}
	return err
}
