package pdf

import (
	"context"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// picture is a picture on a page.
type picture struct {
	box           Box // where it shows, in points: Top is larger than Bottom
	width, height int // pixels that are stored
}

// pictures lists the pictures of a page. Those within parts that are used as a whole (form
// objects) are left out: their places are not told.
func (in *instance) pictures(ctx context.Context, page uint64) []picture {
	const kind, mostObjects = 3, 20_000 // FPDF_PAGEOBJ_IMAGE; maps have as many lines
	var out []picture
	n := min(int(int32(in.Call(ctx, "FPDFPage_CountObjects", page))), mostObjects)
	for i := range uint64(max(n, 0)) {
		object := in.Call(ctx, "FPDFPage_GetObject", page, i)
		if in.Trap() != nil {
			return nil
		}
		if in.Call(ctx, "FPDFPageObj_GetType", object) != kind {
			continue
		}
		left, bottom, right, top := in.scratch, in.scratch+4, in.scratch+8, in.scratch+12
		if in.Call(ctx, "FPDFPageObj_GetBounds", object, left, bottom, right, top) == 0 {
			continue
		}
		p := picture{box: Box{in.float32At(0), in.float32At(3), in.float32At(2), in.float32At(1)}}
		if in.Call(ctx, "FPDFImageObj_GetImagePixelSize", object, in.scratch, in.scratch+4) != 0 {
			p.width, p.height = in.intAt(0), in.intAt(1)
		}
		out = append(out, p)
	}
	return out
}

// mostStored is how many pixels a picture on a page may have: A4 at 2400 dpi. PDFium unpacks
// a picture as it is stored, however small it is shown.
const mostStored = 600_000_000

// checkPictures refuses pages that would take a minute and gigabytes.
func (in *instance) checkPictures(ctx context.Context, page uint64) error {
	for _, p := range in.pictures(ctx, page) {
		if n := int64(p.width) * int64(p.height); n > mostStored {
			return inkpool.Errorf(inkpool.CodeTooLarge, "this page holds a picture of %d megapixels; the limit is %d", n/1e6, mostStored/1_000_000).
				WithHint("Save the document with smaller pictures and try again.")
		}
	}
	return in.Trap()
}

const (
	// smallPicture is the share of the page below which a picture is taken for a logo or a
	// rule.
	smallPicture = 0.02
	// coveredPicture is the share of a picture that text must cover to be the text of the
	// picture. Running text covers about half of its page, with wide margins a fifth.
	coveredPicture = 0.05
)

// unread returns where on the page, in pixels, pictures are that text does not cover.
func unread(pictures []picture, glyphs []glyph, place placement, page Box) []Box {
	var out []Box
	for _, stored := range pictures {
		b := stored.box
		p := place.box(b.Left, b.Top, b.Right, b.Bottom).cut(page)
		if p.area() < smallPicture*page.area() {
			continue
		}
		covered := 0.0
		for _, g := range glyphs {
			if !g.generated {
				covered += g.box.cut(p).area()
			}
		}
		if covered < coveredPicture*p.area() {
			out = append(out, p)
		}
	}
	return out
}
