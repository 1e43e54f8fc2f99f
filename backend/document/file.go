package document

import (
	"context"

	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/raster"
)

// Opener opens files of every kind that is read. It may be shared; its fields must not change.
type Opener struct {
	Limits Limits
	PDF    *pdf.Reader    // nil: PDF documents are CodeUnsupportedFormat
	HEIF   *heif.Decoder  // nil: HEIC and AVIF pictures are
	Pixels *raster.Pixels // where memory for pictures comes from; may be nil
}

// File is an open file of one page or more, numbered from 0: the pages of a PDF or a TIFF, the
// one of any other picture, or the parts of a text. Pages may be worked on at once, and one
// that is damaged fails alone.
type File struct {
	format Format
	pages  pages
}

// pages is what the kinds of files differ in. Pages are known to exist.
type pages interface {
	count() int
	size(ctx context.Context, page int) (w, h int, err error)
	decode(ctx context.Context, page int) (*raster.Image, error)
	text(ctx context.Context, page int) (PageText, error)
	close()
}

// PageText is the text that lies in a page, without looking at its pixels.
type PageText struct {
	Plain string   // of a text file: a part of it
	Layer pdf.Text // of a PDF; elsewhere its Trouble is pdf.NoText
}

// Open opens a file that lies in data, which must not change until it is closed. Secrets are
// tried where the file asks for a password, which only PDF documents do. Errors are those of
// the package, of pdf.Reader.Open and of heif.ReadInfo.
func (o Opener) Open(ctx context.Context, data []byte, secrets []string) (*File, error) {
	if len(data) == 0 {
		return nil, empty()
	}
	f := &File{format: Sniff(data[:min(len(data), SniffLen)])}
	var err error
	switch {
	case f.format == FormatPDF && o.PDF != nil:
		f.pages, err = o.openPDF(ctx, data, secrets)
	case f.format.isHEIF() && o.HEIF != nil:
		f.pages, err = o.openPhoto(data)
	case f.format == FormatTIFF:
		f.pages, err = o.openTIFF(data)
	case f.format.Kind() == inkpool.KindText:
		f.pages, err = o.openText(data)
	default:
		f.pages, err = o.openPicture(data)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Format returns what the content is.
func (f *File) Format() Format { return f.format }

// Kind is KindText for what has only text, and KindImage for what has pages to look at.
func (f *File) Kind() inkpool.Kind {
	if f.format.Kind() == inkpool.KindText {
		return inkpool.KindText
	}
	return inkpool.KindImage
}

// Pages returns how many pages there are, at least 1.
func (f *File) Pages() int { return f.pages.count() }

// Size returns the size in pixels of what Decode gives, and for texts 0 and 0. It is cheap,
// and what Decode will take in memory can be told from it.
func (f *File) Size(ctx context.Context, page int) (w, h int, err error) {
	if err := f.check(page); err != nil {
		return 0, 0, err
	}
	return f.pages.size(ctx, page)
}

// Decode returns an upright page, whose memory the caller may give back to Opener.Pixels. A
// text has none: CodeUnsupportedFormat.
func (f *File) Decode(ctx context.Context, page int) (*raster.Image, error) {
	if err := f.check(page); err != nil {
		return nil, err
	}
	return f.pages.decode(ctx, page)
}

// Text returns the text that lies in a page. Its quads are pixels of what Decode gives.
func (f *File) Text(ctx context.Context, page int) (PageText, error) {
	if err := f.check(page); err != nil {
		return PageText{}, err
	}
	return f.pages.text(ctx, page)
}

// Close gives back what the file holds. No page may be at work.
func (f *File) Close() { f.pages.close() }

// check refuses pages that there are not.
func (f *File) check(page int) error {
	if n := f.Pages(); page < 0 || page >= n {
		return inkpool.Errorf(inkpool.CodeInvalid, "this file has no page %d: it has %d", page+1, n).
			WithHint("It may have been replaced by another one: add it again.")
	}
	return nil
}
