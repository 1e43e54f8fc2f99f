package document

import (
	"bytes"
	"context"
	"io"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/raster"
)

// pictures are the pages of a TIFF, or the one of another picture: a codec for each.
type pictures struct {
	opener Opener
	data   []byte
	codecs []codec
}

func (o Opener) openPicture(data []byte) (pages, error) {
	c, err := codecFor(data)
	if err != nil {
		return nil, err
	}
	return &pictures{o, data, []codec{c}}, nil
}

func (o Opener) openTIFF(data []byte) (pages, error) {
	directories, err := o.Limits.pagesOfTIFF(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	p := &pictures{opener: o, data: data}
	for _, at := range directories {
		p.codecs = append(p.codecs, tiffCodec(at))
	}
	return p, nil
}

// pagesOfTIFF is tiffPages within the limit.
func (l Limits) pagesOfTIFF(file io.ReaderAt) ([]uint32, error) {
	most := l.withDefaults().MaxPages
	directories := tiffPages(file, most)
	if len(directories) > most {
		return nil, inkpool.Errorf(inkpool.CodeTooLarge, "this file has more than %d pages", most).
			WithHint("Split it into smaller files and try again.")
	}
	return directories, nil
}

func (p *pictures) count() int { return len(p.codecs) }

func (p *pictures) size(_ context.Context, page int) (w, h int, err error) {
	return p.codecs[page].uprightSize(p.data)
}

func (p *pictures) decode(ctx context.Context, page int) (*raster.Image, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return p.codecs[page].decodeUpright(p.opener.Pixels, p.data, p.opener.Limits)
}

func (p *pictures) text(ctx context.Context, page int) (PageText, error) {
	w, h, err := p.size(ctx, page)
	return PageText{Layer: pdf.Text{Trouble: pdf.NoText, WidthPx: w, HeightPx: h}}, err
}

func (p *pictures) close() {}

// sheets are the pages of a PDF.
type sheets struct {
	doc    *pdf.Document
	limits Limits
}

func (o Opener) openPDF(ctx context.Context, data []byte, secrets []string) (pages, error) {
	doc, err := o.PDF.Open(ctx, data, secrets)
	if err != nil {
		return nil, err
	}
	return &sheets{doc, o.Limits.withDefaults()}, nil
}

func (s *sheets) count() int { return s.doc.Pages() }

func (s *sheets) size(ctx context.Context, page int) (w, h int, err error) {
	widthPt, heightPt, err := s.doc.Size(ctx, page)
	if err != nil {
		return 0, 0, err
	}
	w, h = pdf.PixelSize(widthPt, heightPt, s.limits.MaxPixels)
	return w, h, nil
}

func (s *sheets) decode(ctx context.Context, page int) (*raster.Image, error) {
	return s.doc.Render(ctx, page, s.limits.MaxPixels)
}

func (s *sheets) text(ctx context.Context, page int) (PageText, error) {
	layer, err := s.doc.Text(ctx, page, s.limits.MaxPixels)
	return PageText{Layer: layer}, err
}

func (s *sheets) close() { s.doc.Close() }

// parts are those of a text.
type parts []string

// partBytes is how long a part of a text may be: a translation that is stopped loses no more,
// and the window can show it.
const partBytes = 1 << 20

func (o Opener) openText(data []byte) (pages, error) {
	text, err := DecodeText(data, o.Limits)
	if err != nil {
		return nil, err
	}
	return parts(SplitText(text, partBytes)), nil
}

func (p parts) count() int { return len(p) }

func (p parts) size(context.Context, int) (w, h int, err error) { return 0, 0, nil }

func (p parts) decode(context.Context, int) (*raster.Image, error) {
	return nil, FormatText.Unsupported()
}

func (p parts) text(_ context.Context, page int) (PageText, error) {
	return PageText{Plain: p[page], Layer: pdf.Text{Trouble: pdf.NoText}}, nil
}

func (p parts) close() {}
