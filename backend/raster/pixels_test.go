package raster_test

import (
	"image"
	"slices"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
)

// grey is an evenly grey picture for FromImage.
func grey(w, h int, level uint8) *image.Gray {
	im := image.NewGray(image.Rect(0, 0, w, h))
	for i := range im.Pix {
		im.Pix[i] = level
	}
	return im
}

func TestPixelsAreUsedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		first, second [2]int // width and height
		again         bool
	}{
		"same size":       {[2]int{300, 200}, [2]int{300, 200}, true},
		"turned":          {[2]int{300, 200}, [2]int{200, 300}, true},
		"a little larger": {[2]int{290, 200}, [2]int{290, 202}, true},
		"smaller":         {[2]int{300, 200}, [2]int{300, 110}, true},
		"much smaller":    {[2]int{300, 200}, [2]int{30, 20}, false},
		"larger":          {[2]int{300, 200}, [2]int{400, 200}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := raster.NewPixels()
			im := p.FromImage(grey(c.first[0], c.first[1], 7))
			memory := &im.Pix[0]
			p.Recycle(im)
			im = p.FromImage(grey(c.second[0], c.second[1], 9))
			if got := &im.Pix[0] == memory; got != c.again {
				t.Errorf("got the same memory: %v, want %v", got, c.again)
			}
			if want := raster.FromImage(grey(c.second[0], c.second[1], 9)); !slices.Equal(im.Pix, want.Pix) {
				t.Error("got other pixels than in new memory")
			}
		})
	}
}

func TestTurningGivesTheFirstMemoryBack(t *testing.T) {
	p := raster.NewPixels()
	im := p.FromImage(grey(30, 20, 7))
	memory := &im.Pix[0]
	turned := p.Oriented(im, 6)
	if turned.Width != 20 || turned.Height != 30 || im.Pix != nil {
		t.Errorf("got %d x %d, want 20 x 30, and the first picture gone", turned.Width, turned.Height)
	}
	if next := p.FromImage(grey(30, 20, 9)); &next.Pix[0] != memory {
		t.Error("the memory of the picture before turning is not used again")
	}
	if upright := p.Oriented(turned, 1); upright != turned || upright.Pix == nil {
		t.Error("an upright picture is not the same")
	}
}

func TestRecyclingTwicePanics(t *testing.T) {
	p := raster.NewPixels()
	im := p.FromImage(grey(3, 2, 7))
	p.Recycle(im)
	defer func() {
		if recover() == nil {
			t.Error("got no panic: two pages would write into the same memory")
		}
	}()
	p.Recycle(im)
}

func TestDropForgetsTheMemory(t *testing.T) {
	p := raster.NewPixels()
	im := p.FromImage(grey(300, 200, 7))
	memory := &im.Pix[0]
	p.Recycle(im)
	p.Drop()
	if im := p.FromImage(grey(300, 200, 9)); &im.Pix[0] == memory {
		t.Error("got memory that had been dropped")
	}
}

// What is kept is bounded: the third of three pictures of 30 MB is left to the collector.
func TestPixelsKeepOnlySoMuch(t *testing.T) {
	p := raster.NewPixels()
	var ims []*raster.Image
	lent := map[*uint8]bool{}
	for range 3 {
		im := p.FromImage(grey(5000, 2000, 7))
		ims, lent[&im.Pix[0]] = append(ims, im), true
	}
	for _, im := range ims {
		p.Recycle(im)
	}
	again := 0
	for range 3 {
		if im := p.FromImage(grey(5000, 2000, 9)); lent[&im.Pix[0]] {
			again++
		}
	}
	if again != 2 {
		t.Errorf("got %d of 3 pictures of 30 MB from memory that was kept, want 2", again)
	}
}

func TestPixelsForManyAtOnce(t *testing.T) {
	p := raster.NewPixels()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				level := uint8(g*50 + i)
				im := p.FromImage(grey(40+i, 30, level))
				for _, v := range im.Pix {
					if v != level {
						t.Errorf("got %d in a picture that is %d all over", v, level)
						return
					}
				}
				p.Recycle(im)
			}
		})
	}
	wg.Wait()
}
