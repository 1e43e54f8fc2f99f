package pdf

import (
	"context"
	"math"

	"github.com/tetratelabs/wazero/api"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// A page is rendered as finely as a scanner would for reading. Letters of 10 points are 28
// pixels high at usualDPI, which is half of what the recogniser wants and more than what the
// detector keeps of an A4 page; 300 dpi cost 2.25 times as much and read no better.
// Receipts and labels are printed small: they are rendered finer, until their shorter side has
// as many pixels as half an A4 page, but no finer than scanners do. Posters and plans are
// printed large, and are rendered coarser: mostPixels is A0 at 150 dpi, 105 MB as RGB.
const (
	usualDPI   = 200.0
	mostDPI    = 300.0
	smallSide  = 827        // pixels: half of 210 mm at 200 dpi
	mostPixels = 36_000_000 // of one page
	longSide   = 65_535     // pixels; what pictures may have elsewhere

	pointsPerInch = 72.0
)

// PixelSize returns the size at which a page of so many points is rendered, in pixels: at most
// the given number of them, or a sensible one if that is 0.
func PixelSize(widthPt, heightPt float64, pixels int) (w, h int) {
	dpi := usualDPI
	if short := min(widthPt, heightPt) / pointsPerInch; short*dpi < smallSide {
		dpi = min(smallSide/short, mostDPI)
	}
	if pixels <= 0 || pixels > mostPixels {
		pixels = mostPixels
	}
	scale := dpi / pointsPerInch
	if area := widthPt * heightPt; area*scale*scale > float64(pixels) {
		scale = math.Sqrt(float64(pixels) / area)
	}
	scale = min(scale, longSide/max(widthPt, heightPt))
	w, h = max(int(math.Round(widthPt*scale)), 1), max(int(math.Round(heightPt*scale)), 1)
	if w*h > pixels && w > 1 {
		w-- // both were rounded up
	}
	return w, h
}

// Size returns how large a page is as it is shown, that is after rotation, in points.
func (d *Document) Size(ctx context.Context, page int) (widthPt, heightPt float64, err error) {
	if page < 0 || page >= d.pages {
		return 0, 0, noSuchPage(page, d.pages)
	}
	err = d.work(ctx, func(ctx context.Context, in *instance) error {
		ok := in.Call(ctx, "FPDF_GetPageSizeByIndexF", in.doc, uint64(page), in.scratch)
		widthPt, heightPt = in.float32At(0), in.float32At(1)
		if in.Trap() == nil && (ok == 0 || !isSize(widthPt, heightPt)) {
			return damagedPage(nil)
		}
		return in.Trap()
	})
	return widthPt, heightPt, err
}

// isSize refuses what no page measures: nothing, infinity, and not a number.
func isSize(widthPt, heightPt float64) bool {
	const most = 1e7 // points: 3.5 km
	return widthPt > 0 && heightPt > 0 && widthPt < most && heightPt < most
}

// Render draws a page with its annotations and filled-in fields on white paper, upright as the
// document says. pixels is as for PixelSize.
func (d *Document) Render(ctx context.Context, page, pixels int) (*raster.Image, error) {
	var out *raster.Image
	err := d.onPage(ctx, page, func(ctx context.Context, in *instance, handle uint64) error {
		w, h, err := in.pageSize(ctx, handle, pixels)
		if err != nil {
			return err
		}
		if err := in.checkPictures(ctx, handle); err != nil {
			return err
		}
		out, err = in.render(ctx, handle, w, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// pageSize returns the size to render a page at, in pixels.
func (in *instance) pageSize(ctx context.Context, page uint64, pixels int) (w, h int, err error) {
	wide := float64(api.DecodeF32(in.Call(ctx, "FPDF_GetPageWidthF", page)))
	high := float64(api.DecodeF32(in.Call(ctx, "FPDF_GetPageHeightF", page)))
	if in.Trap() != nil {
		return 0, 0, in.Trap()
	}
	if !isSize(wide, high) {
		return 0, 0, damagedPage(nil)
	}
	w, h = PixelSize(wide, high, pixels)
	return w, h, nil
}

// render draws an open page in w x h pixels.
func (in *instance) render(ctx context.Context, page uint64, w, h int) (*raster.Image, error) {
	const (
		threeBytes = 2 // FPDFBitmap_BGR, which reversed makes RGB
		white      = 0xffffffff
		flags      = 0x01 | 0x10 | 0x200 // FPDF_ANNOT, FPDF_REVERSE_BYTE_ORDER, FPDF_RENDER_LIMITEDIMAGECACHE
	)
	width, height := uint64(w), uint64(h)
	bitmap := in.Call(ctx, "FPDFBitmap_CreateEx", width, height, threeBytes, 0, 0)
	if in.Trap() == nil && bitmap == 0 {
		in.Starve()
		return nil, outOfMemory(nil)
	}
	in.Call(ctx, "FPDFBitmap_FillRect", bitmap, 0, 0, width, height, white)
	in.Call(ctx, "FPDF_RenderPageBitmap", bitmap, page, 0, 0, width, height, 0, flags)
	if in.form != 0 {
		in.Call(ctx, "FPDF_FFLDraw", in.form, bitmap, page, 0, 0, width, height, 0, flags)
	}
	stride := int(in.Call(ctx, "FPDFBitmap_GetStride", bitmap))
	buffer := in.Call(ctx, "FPDFBitmap_GetBuffer", bitmap)
	if in.Trap() != nil {
		return nil, in.Trap()
	}
	pixels := in.Bytes(buffer, stride*h)
	if in.Trap() != nil || stride < 3*w {
		return nil, inkpool.Errorf(inkpool.CodeInternal, "PDFium gave a bitmap that is none").WithCause(in.Trap())
	}
	out := raster.New(w, h)
	for y := range h {
		copy(out.Pix[3*w*y:3*w*(y+1)], pixels[stride*y:])
	}
	in.Call(ctx, "FPDFBitmap_Destroy", bitmap)
	return out, in.Trap()
}
