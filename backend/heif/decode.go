package heif

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"github.com/inkpool/inkpool/backend/wasm"
)

// errDecode is all that the modules say of what they cannot decode.
var errDecode = errors.New("the decoder refuses it")

// decode decodes data in an instance that is good for one picture. What goes wrong may also
// be a trap of the instance.
func decode(ctx context.Context, in *wasm.Instance, data []byte, codec Codec) (image.Image, error) {
	source := in.Malloc(ctx, len(data))
	if in.Trap() != nil {
		return nil, in.Trap()
	}
	held := in.Bytes(source, len(data))
	copy(held, data)
	if codec == AV1 {
		return decodeAV1(ctx, in, source, len(data))
	}
	// The module refuses files whose first brand is none of HEVC's, which many have that hold
	// it all the same. ReadInfo has looked at what they hold.
	const brand = 8
	copy(held[min(brand, len(held)):], "heic")
	im, form, err := decodeHEVC(ctx, in, source, len(data))
	if err != nil && form.colour == colourGrey && in.Trap() == nil {
		// Old programs say of every picture that it has one channel (pixi). Nobody needs to know.
		if at := bytes.Index(held, []byte("pixi")); at >= 0 {
			copy(held[at:], "free")
		}
		im, _, err = decodeHEVC(ctx, in, source, len(data))
	}
	return im, err
}

// answers are the numbers of 32 bits that a module writes.
type answers struct {
	in *wasm.Instance
	at uint64
	n  int
}

func newAnswers(ctx context.Context, in *wasm.Instance, n int) answers {
	return answers{in, in.Malloc(ctx, 4*n), n}
}

// address is that of number i.
func (a answers) address(i int) uint64 { return a.at + uint64(4*i) }

func (a answers) get(i int) int {
	return int(binary.LittleEndian.Uint32(a.in.Bytes(a.at, 4*a.n)[4*i:]))
}

// What libheif calls the forms of pixels (heif_image.h).
const (
	colourYCbCr = 0
	colourRGB   = 1 // comes as red, green, blue, alpha
	colourGrey  = 2

	chroma420 = 1
	chroma422 = 2
	chroma444 = 3
)

// decodeHEVC calls decode(in, size, headerOnly, *width, *height, *colour, *chroma,
// *premultiplied, out) of gen2brain/heic: once for the header, once for the pixels. libheif
// turns the picture.
func decodeHEVC(ctx context.Context, in *wasm.Instance, source uint64, size int) (im image.Image, form planes, err error) {
	a := newAnswers(ctx, in, 5)
	call := func(headerOnly, out uint64) bool {
		return in.Call(ctx, "decode", source, uint64(size), headerOnly,
			a.address(0), a.address(1), a.address(2), a.address(3), a.address(4), out) != 0
	}
	if !call(1, 0) {
		return nil, form, errDecode
	}
	form = planes{w: a.get(0), h: a.get(1), colour: a.get(2), chroma: a.get(3)}
	length, err := form.lay()
	if err != nil {
		return nil, form, err
	}
	out := in.Malloc(ctx, length)
	if in.Trap() != nil || !call(0, out) {
		return nil, form, errDecode
	}
	return form.picture(bytes.Clone(in.Bytes(out, length))), form, nil
}

// planes is how pixels lie in memory: rows of 64 pixels at least, padded to 16 bytes, planes
// one after the other (ImagePlane::alloc in libheif's pixelimage.cc).
type planes struct {
	w, h, colour, chroma int

	ratio            image.YCbCrSubsampleRatio
	stride, cStride  int
	luma, withChroma int // bytes: of the first plane, and up to the end of the second
}

// mostBytes is above what an instance may have, and below what overflows.
const mostBytes = 2 << 30

// holds reports whether so many pixels of that many bytes may lie in an instance. What a module
// says of them is not to be trusted: a file may have taken it over.
func holds(w, h, bytes int) bool {
	return w > 0 && h > 0 && w <= mostBytes && h <= mostBytes/bytes/w
}

// lay works out where everything lies, and returns the bytes in all.
func (p *planes) lay() (int, error) {
	if p.w <= 0 || !holds(max(p.w, 64), p.h, 4) {
		return 0, fmt.Errorf("%d x %d pixels: %w", p.w, p.h, errDecode)
	}
	padded := func(pixels, bytes int) int { return (max(pixels, 64)*bytes + 15) &^ 15 }
	switch p.colour {
	case colourGrey:
		p.stride = padded(p.w, 1)
		return p.stride * p.h, nil
	case colourRGB:
		p.stride = padded(p.w, 4)
		return p.stride * p.h, nil
	case colourYCbCr:
	default:
		return 0, fmt.Errorf("colour model %d: %w", p.colour, errDecode)
	}
	cw, ch := p.w, p.h
	switch p.chroma {
	case chroma420:
		p.ratio, cw, ch = image.YCbCrSubsampleRatio420, (p.w+1)/2, (p.h+1)/2
	case chroma422:
		p.ratio, cw = image.YCbCrSubsampleRatio422, (p.w+1)/2
	case chroma444:
		p.ratio = image.YCbCrSubsampleRatio444
	default:
		return 0, fmt.Errorf("chroma %d: %w", p.chroma, errDecode)
	}
	p.stride, p.cStride = padded(p.w, 1), padded(cw, 1)
	p.luma = p.stride * p.h
	p.withChroma = p.luma + p.cStride*ch
	return p.withChroma + p.cStride*ch, nil
}

// picture is what pixels that lie so show.
func (p *planes) picture(pix []byte) image.Image {
	r := image.Rect(0, 0, p.w, p.h)
	switch p.colour {
	case colourGrey:
		return &image.Gray{Pix: pix, Stride: p.stride, Rect: r}
	case colourRGB:
		return &image.NRGBA{Pix: pix, Stride: p.stride, Rect: r}
	}
	return &image.YCbCr{
		Y: pix[:p.luma], Cb: pix[p.luma:p.withChroma], Cr: pix[p.withChroma:],
		YStride: p.stride, CStride: p.cStride, SubsampleRatio: p.ratio, Rect: r,
	}
}

// decodeAV1 calls decode(in, size, headerOnly, allFrames, *width, *height, *depth, *frames,
// *delays, out) of gen2brain/avif. Pixels are red, green, blue, alpha, multiplied by it; with
// more than 8 bits each is two bytes, the lower one first.
func decodeAV1(ctx context.Context, in *wasm.Instance, source uint64, size int) (image.Image, error) {
	const delayBytes = 8
	a := newAnswers(ctx, in, 4)
	delay := in.Malloc(ctx, delayBytes)
	call := func(headerOnly, out uint64) bool {
		return in.Call(ctx, "decode", source, uint64(size), headerOnly, 0,
			a.address(0), a.address(1), a.address(2), a.address(3), delay, out) != 0
	}
	if !call(1, 0) {
		return nil, errDecode
	}
	w, h, sampleBytes := a.get(0), a.get(1), 1
	if a.get(2) > 8 {
		sampleBytes = 2
	}
	if !holds(w, h, 4*sampleBytes) {
		return nil, fmt.Errorf("%d x %d pixels: %w", w, h, errDecode)
	}
	length := 4 * sampleBytes * w * h
	out := in.Malloc(ctx, length)
	if in.Trap() != nil || !call(0, out) {
		return nil, errDecode
	}
	im := image.NewRGBA(image.Rect(0, 0, w, h))
	pix := in.Bytes(out, length)
	for i := range im.Pix {
		im.Pix[i] = pix[sampleBytes*i+sampleBytes-1]
	}
	return im, nil
}
