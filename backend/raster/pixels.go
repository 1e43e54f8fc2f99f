package raster

import (
	"fmt"
	"slices"
	"sync"
)

// keptBytes is how much memory Pixels keep for pictures to come: two A4 pages at 300 dpi.
const keptBytes = 64 << 20

// Pixels lend the memory of pictures, so that page after page uses the same: left to the
// garbage collector, it would grow with every large picture until the next collection. A
// nil *Pixels takes new memory each time. Safe for concurrent use.
type Pixels struct {
	mu   sync.Mutex
	free [][]uint8 // by capacity, smallest first
}

// NewPixels returns Pixels that hold no memory yet.
func NewPixels() *Pixels { return &Pixels{} }

// image returns a picture whose pixels are whatever the memory held before.
func (p *Pixels) image(width, height int) *Image {
	n := 3 * width * height
	if p == nil || n <= 0 {
		return New(width, height)
	}
	if pix, ok := p.take(n); ok {
		return &Image{Width: width, Height: height, Pix: pix[:n]}
	}
	return &Image{Width: width, Height: height, Pix: make([]uint8, n, classSize(n))}
}

// take returns the smallest free memory of at least n bytes, unless it is so large that a
// larger picture had better have it.
func (p *Pixels) take(n int) (pix []uint8, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, _ := slices.BinarySearchFunc(p.free, n, func(free []uint8, n int) int { return cap(free) - n })
	if at == len(p.free) || cap(p.free[at]) > 2*classSize(n) {
		return nil, false
	}
	pix = p.free[at]
	p.free = slices.Delete(p.free, at, at+1)
	return pix, true
}

// classSize rounds up to the next of eight steps between powers of two, so that pages of
// nearly the same size can use the same memory: at most an eighth is wasted.
func classSize(n int) int {
	step := 1
	for step*16 <= n {
		step *= 2
	}
	return (n + step - 1) / step * step
}

// Recycle takes back the memory of a picture, which must not be used any more, nor anything
// that shares its pixels. It panics when the picture has been given back before. Small
// memory, and what is too much to keep, is left to the garbage collector.
func (p *Pixels) Recycle(im *Image) {
	if p == nil {
		return
	}
	if im.Pix == nil {
		panic(fmt.Sprintf("raster: internal error: picture of %d x %d pixels given back twice", im.Width, im.Height))
	}
	pix := im.Pix
	if im.Pix = nil; cap(pix) > keptBytes {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at, _ := slices.BinarySearchFunc(p.free, cap(pix), func(free []uint8, n int) int { return cap(free) - n })
	p.free = slices.Insert(p.free, at, pix)
	for p.bytes() > keptBytes {
		p.free = slices.Delete(p.free, 0, 1) // small pictures are cheap to make again
	}
}

func (p *Pixels) bytes() (n int) {
	for _, f := range p.free {
		n += cap(f)
	}
	return n
}

// Drop leaves all memory that is not lent to the garbage collector.
func (p *Pixels) Drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = nil
}
