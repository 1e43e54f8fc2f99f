package document

import (
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Format is what a file's content turned out to be.
type Format string

// The formats that are read.
const (
	FormatUnknown Format = ""
	FormatJPEG    Format = "jpeg"
	FormatPNG     Format = "png"
	FormatGIF     Format = "gif"
	FormatBMP     Format = "bmp"
	FormatTIFF    Format = "tiff"
	FormatWebP    Format = "webp"
	FormatIcon    Format = "ico"
	FormatPDF     Format = "pdf" // by an Opener only, as the next two
	FormatHEIC    Format = "heic"
	FormatAVIF    Format = "avif"
	FormatText    Format = "text"
)

// The formats that are only recognised, so that an error can name them.
const (
	FormatJPEGXL     Format = "jxl"
	FormatJPEG2000   Format = "jp2"
	FormatSVG        Format = "svg"
	FormatBigTIFF    Format = "bigtiff"
	FormatApplePNG   Format = "apple-png"
	FormatPhotoshop  Format = "psd"
	FormatDjVu       Format = "djvu"
	FormatPostScript Format = "postscript"
	FormatRTF        Format = "rtf"
	FormatOffice     Format = "office"
	FormatZip        Format = "zip"
	FormatArchive    Format = "archive"
	FormatVideo      Format = "video"
	FormatAudio      Format = "audio"
	FormatProgram    Format = "program"
)

// isHEIF reports whether package heif reads it.
func (f Format) isHEIF() bool { return f == FormatHEIC || f == FormatAVIF }

// Kind says how a file of this format is handled; KindUnknown means not at all.
func (f Format) Kind() inkpool.Kind {
	switch f {
	case FormatJPEG, FormatPNG, FormatGIF, FormatBMP, FormatTIFF, FormatWebP, FormatIcon:
		return inkpool.KindImage
	case FormatText:
		return inkpool.KindText
	default:
		return inkpool.KindUnknown
	}
}

// Name returns what people call the format, to be followed by a noun such as "picture".
func (f Format) Name() string {
	switch f {
	case FormatUnknown:
		return "unknown"
	case FormatText:
		return "text"
	case FormatWebP:
		return "WebP"
	case FormatJPEGXL:
		return "JPEG XL"
	case FormatJPEG2000:
		return "JPEG 2000"
	case FormatIcon:
		return "Windows icon"
	case FormatBigTIFF:
		return "BigTIFF"
	case FormatApplePNG:
		return "Apple PNG"
	case FormatPhotoshop:
		return "Photoshop"
	case FormatDjVu:
		return "DjVu"
	case FormatPostScript:
		return "PostScript"
	case FormatOffice:
		return "Office"
	case FormatZip:
		return "ZIP"
	default:
		return strings.ToUpper(string(f))
	}
}

// Unsupported returns the error that tells a person why a file of this format, which is
// neither a picture nor a text that we read, is not processed.
func (f Format) Unsupported() error {
	what, hint := f.refusal()
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "%s", what).WithHint(hint)
}

// refusal returns what happened and what to do about it.
func (f Format) refusal() (what, hint string) {
	const savePicture = "Save this one as JPEG or PNG in another program and try again."
	const saveText = "Save it as plain text (UTF-8), or its pages as pictures, and try again."
	switch f {
	case FormatPDF, FormatDjVu, FormatPostScript:
		return f.Name() + " documents are not supported yet", "Save the pages as pictures (PNG or JPEG) and try again."
	case FormatRTF, FormatOffice:
		return f.Name() + " documents are not supported yet", saveText
	case FormatHEIC, FormatAVIF:
		return f.Name() + " pictures are not read: that is switched off", "Switch it on in the settings, or save the picture as JPEG or PNG in another program."
	case FormatJPEGXL, FormatJPEG2000, FormatSVG, FormatBigTIFF, FormatApplePNG, FormatPhotoshop:
		return f.Name() + " pictures are not supported yet", savePicture
	case FormatZip, FormatArchive:
		return "this file is an archive, not a picture or a text", "Unpack it and add the files in it."
	case FormatVideo, FormatAudio:
		return "this file is a " + string(f) + " recording, not a picture or a text", "Add a picture (JPEG, PNG, WebP, TIFF, BMP, GIF), a PDF document or a text file."
	case FormatProgram:
		return "this file is a program, not a picture or a text", "Add a picture (JPEG, PNG, WebP, TIFF, BMP, GIF), a PDF document or a text file."
	case FormatText:
		return "this file is a text, not a picture", "Add it as a text."
	default:
		return "this file is not a picture, document or text that Inkpool can read", "Add a picture (JPEG, PNG, WebP, TIFF, BMP, GIF), a PDF document or a text file."
	}
}
