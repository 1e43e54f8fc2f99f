package document

import (
	"context"

	"github.com/inkpool/inkpool/backend/heif"
	"github.com/inkpool/inkpool/backend/pdf"
	"github.com/inkpool/inkpool/backend/raster"
)

// photo is the one page of a HEIC or AVIF file.
type photo struct {
	opener Opener
	data   []byte
	info   heif.Info
}

func (o Opener) openPhoto(data []byte) (pages, error) {
	info, err := heif.ReadInfo(data)
	if err != nil {
		return nil, err
	}
	return &photo{o, data, info}, nil
}

func (p *photo) count() int { return 1 }

func (p *photo) size(context.Context, int) (w, h int, err error) {
	return p.info.Width, p.info.Height, nil
}

func (p *photo) decode(ctx context.Context, _ int) (*raster.Image, error) {
	if err := p.opener.Limits.CheckSize(p.info.Width, p.info.Height); err != nil {
		return nil, err
	}
	src, err := p.opener.HEIF.Decode(ctx, p.data, p.info)
	if err != nil {
		return nil, err
	}
	// The container may lie about what the decoder then finds.
	if err := p.opener.Limits.CheckSize(src.Bounds().Dx(), src.Bounds().Dy()); err != nil {
		return nil, err
	}
	im := p.opener.Pixels.FromImage(src)
	for _, turn := range p.info.Turns {
		im = p.opener.Pixels.Oriented(im, turn)
	}
	return im, nil
}

func (p *photo) text(context.Context, int) (PageText, error) {
	return PageText{Layer: pdf.Text{Trouble: pdf.NoText, WidthPx: p.info.Width, HeightPx: p.info.Height}}, nil
}

func (p *photo) close() {}
