package pdf

import (
	"context"
	"math"
	"unicode"

	"github.com/tetratelabs/wazero/api"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Text is the text layer of a page: the characters that lie in the document, as opposed to
// those that one can see.
type Text struct {
	// Lines are in the order of the document, which is the reading order wherever a program
	// wrote the text from beginning to end. Their scores are 1. Quads are in pixels of the
	// page as Render draws it, boxes along its sides. Cells of a row are lines of their own.
	Lines []inkpool.Line

	// Pictures are parts of the page that show a picture with hardly a line of the text on
	// it, so that what is written in the picture is not in Lines.
	Pictures []Box

	WidthPx, HeightPx int // of the page as Render draws it

	// Trouble says why Lines should not be shown in place of what can be read on the page;
	// NoTrouble where they should.
	Trouble Trouble
}

// Box is a part of a page in its pixels, origin top-left.
type Box struct{ Left, Top, Right, Bottom float64 }

// Text reads the text layer of a page. pixels is as for PixelSize.
func (d *Document) Text(ctx context.Context, page, pixels int) (Text, error) {
	var out Text
	err := d.onPage(ctx, page, func(ctx context.Context, in *instance, handle uint64) error {
		w, h, err := in.pageSize(ctx, handle, pixels)
		if err != nil {
			return err
		}
		place := in.placement(ctx, handle, w, h)
		glyphs := in.glyphs(ctx, handle, place)
		pictures := in.pictures(ctx, handle)
		if in.Trap() != nil {
			return in.Trap()
		}
		page := Box{Right: float64(w), Bottom: float64(h)}
		out = Text{
			Lines: linesOf(glyphs), Pictures: unread(pictures, glyphs, place, page),
			WidthPx: w, HeightPx: h, Trouble: judge(glyphs, page),
		}
		return nil
	})
	return out, err
}

// glyph is a character of a text layer.
type glyph struct {
	char      rune // 0 where the document does not say
	box       Box
	quarter   int  // turns clockwise from left-to-right that the text runs in
	generated bool // put in by PDFium: spaces and line ends between pieces of text
	unmapped  bool // the font does not say which character it shows
	invisible bool // drawn with neither fill nor outline, as by programs that recognise text
}

// mostGlyphs is how many characters of a page are looked at: the smallest print fills A4 with
// about 30,000. Documents that hold more are made to cost time.
const mostGlyphs = 200_000

// glyphs reads the characters of a page, but for those that lie nowhere.
func (in *instance) glyphs(ctx context.Context, page uint64, place placement) []glyph {
	text := in.Call(ctx, "FPDFText_LoadPage", page)
	if text == 0 {
		return nil
	}
	n := min(int(int32(in.Call(ctx, "FPDFText_CountChars", text))), mostGlyphs)
	modes := map[uint64]bool{}
	var out []glyph
	for i := range uint64(max(n, 0)) {
		g := glyph{
			char:      cleaned(rune(in.Call(ctx, "FPDFText_GetUnicode", text, i))),
			generated: int32(in.Call(ctx, "FPDFText_IsGenerated", text, i)) == 1,
		}
		if !g.generated {
			g.unmapped = int32(in.Call(ctx, "FPDFText_HasUnicodeMapError", text, i)) == 1
			g.invisible = in.isInvisible(ctx, in.Call(ctx, "FPDFText_GetTextObject", text, i), modes)
			angle := float64(api.DecodeF32(in.Call(ctx, "FPDFText_GetCharAngle", text, i)))
			g.quarter = place.quarter(angle)
			in.Call(ctx, "FPDFText_GetLooseCharBox", text, i, in.scratch)
			g.box = place.box(in.float32At(0), in.float32At(1), in.float32At(2), in.float32At(3))
		}
		if in.Trap() != nil {
			return nil
		}
		if g.box.finite() {
			out = append(out, g)
		}
	}
	in.Call(ctx, "FPDFText_ClosePage", text)
	return out
}

// cleaned undoes what PDFium makes of hyphens at line ends, and marks what is no character:
// halves, and controls, which fonts have in place of symbols that they do not name. A single
// one of those makes a text a file of unknown bytes to other programs, and to us.
func cleaned(r rune) rune {
	const hyphen, oldHyphen = 0x02, 0xfffe
	switch {
	case r == hyphen || r == oldHyphen:
		return '-'
	case r < 0 || r > unicode.MaxRune || r >= 0xd800 && r < 0xe000,
		r != 0 && unicode.IsControl(r) && !unicode.IsSpace(r):
		return unicode.ReplacementChar
	}
	return r
}

// isInvisible looks up how a piece of text is drawn. seen remembers earlier answers.
func (in *instance) isInvisible(ctx context.Context, object uint64, seen map[uint64]bool) bool {
	const modeInvisible, modeClip = 3, 7
	if object == 0 {
		return false
	}
	answer, ok := seen[object]
	if !ok {
		mode := int32(in.Call(ctx, "FPDFTextObj_GetTextRenderMode", object))
		answer = mode == modeInvisible || mode == modeClip
		seen[object] = answer
	}
	return answer
}

// placement turns points of a page, origin at the lower left, into pixels of the picture.
type placement struct{ ax, bx, cx, ay, by, cy float64 } // x' = ax*x + bx*y + cx

// placement asks PDFium where three points go, which says all about the page's boxes and its
// rotation. The answer is in whole units: a picture that is finer pins it down.
func (in *instance) placement(ctx context.Context, page uint64, w, h int) placement {
	const finer, far = 256.0, 1000.0
	to := func(x, y float64) (float64, float64) {
		in.Call(ctx, "FPDF_PageToDevice", page, 0, 0, uint64(finer)*uint64(w), uint64(finer)*uint64(h), 0,
			api.EncodeF64(x), api.EncodeF64(y), in.scratch, in.scratch+4)
		return float64(in.intAt(0)) / finer, float64(in.intAt(1)) / finer
	}
	var p placement
	p.cx, p.cy = to(0, 0)
	x, y := to(far, 0)
	p.ax, p.ay = (x-p.cx)/far, (y-p.cy)/far
	x, y = to(0, far)
	p.bx, p.by = (x-p.cx)/far, (y-p.cy)/far
	return p
}

// box returns the box in pixels around a box in points.
func (p placement) box(left, top, right, bottom float64) Box {
	x0, y0 := p.ax*left+p.bx*top+p.cx, p.ay*left+p.by*top+p.cy
	x1, y1 := p.ax*right+p.bx*bottom+p.cx, p.ay*right+p.by*bottom+p.cy
	return Box{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}

// quarter returns the direction, in quarter turns clockwise, of text at an angle in radians
// anticlockwise on the page.
func (p placement) quarter(angle float64) int {
	sin, cos := math.Sincos(angle)
	x, y := p.ax*cos+p.bx*sin, p.ay*cos+p.by*sin
	return (int(math.Round(math.Atan2(y, x)/(math.Pi/2))) + 4) % 4
}
