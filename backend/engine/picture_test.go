package engine_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// onItsSide is a JPEG of 120 x 80 pixels, red on the left, whose EXIF block asks to turn it
// right: upright it is 80 x 120, and red on top.
func onItsSide(t *testing.T) []byte {
	t.Helper()
	im := image.NewRGBA(image.Rect(0, 0, 120, 80))
	for y := range 80 {
		for x := range 120 {
			c := color.RGBA{B: 255, A: 255}
			if x < 60 {
				c = color.RGBA{R: 255, A: 255}
			}
			im.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, im, nil); err != nil {
		t.Fatal(err)
	}
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08" + // big-endian TIFF
		"\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" // one tag: orientation 6
	return append([]byte("\xff\xd8"+exif), out.Bytes()[2:]...)
}

// picture asks e for a picture and decodes it.
func picture(t *testing.T, e *engine.Engine, task inkpool.Task, rotation, maxSide int) image.Image {
	t.Helper()
	data, err := e.Picture(t.Context(), task, rotation, maxSide)
	if err != nil {
		t.Fatal(err)
	}
	im, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func TestPictureIsUprightAndSmallEnough(t *testing.T) {
	e := openWith(t, nil, 1) // needs no models
	turned := file(t, "turned.jpg", onItsSide(t))
	strip := file(t, "strip.png", encoded(t, image.NewGray(image.Rect(0, 0, 3000, 2))))
	for name, c := range map[string]struct {
		task    inkpool.Task
		maxSide int
		want    image.Point
	}{
		"as it is":       {turned, 2400, image.Pt(80, 120)},
		"just fits":      {turned, 120, image.Pt(80, 120)},
		"half":           {turned, 60, image.Pt(40, 60)},
		"thumbnail":      {turned, 12, image.Pt(8, 12)},
		"one pixel":      {turned, 1, image.Pt(1, 1)},
		"never no rows":  {strip, 300, image.Pt(300, 1)},
		"a sample":       {sample("poster.jpg"), 96, image.Pt(78, 96)},
		"an odd format":  {sample("slide.gif"), 480, image.Pt(480, 270)},
		"a bilevel scan": {sample("bilevel-scan.tif"), 2400, image.Pt(1369, 957)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := picture(t, e, c.task, 0, c.maxSide).Bounds().Size(); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	im := picture(t, e, turned, 0, 60)
	if r, _, b, _ := im.At(20, 10).RGBA(); r < b {
		t.Error("the top is not red: the picture is not upright")
	}
	if r, _, b, _ := im.At(20, 50).RGBA(); r > b {
		t.Error("the bottom is not blue: the picture is not upright")
	}
}

// The picture of a page that was turned to be read: what was at the top, red, is at its right,
// bottom, or left.
func TestPictureIsTurned(t *testing.T) {
	e := openWith(t, nil, 1)
	turned := file(t, "turned.jpg", onItsSide(t))
	for rotation, c := range map[int]struct{ size, red, blue image.Point }{
		90:  {image.Pt(60, 40), image.Pt(50, 20), image.Pt(10, 20)},
		180: {image.Pt(40, 60), image.Pt(20, 50), image.Pt(20, 10)},
		270: {image.Pt(60, 40), image.Pt(10, 20), image.Pt(50, 20)},
	} {
		im := picture(t, e, turned, rotation, 60)
		if im.Bounds().Size() != c.size {
			t.Errorf("by %d: got %v, want %v", rotation, im.Bounds().Size(), c.size)
		}
		if r, _, b, _ := im.At(c.red.X, c.red.Y).RGBA(); r < b {
			t.Errorf("by %d: got blue at %v, want red", rotation, c.red)
		}
		if r, _, b, _ := im.At(c.blue.X, c.blue.Y).RGBA(); r > b {
			t.Errorf("by %d: got red at %v, want blue", rotation, c.blue)
		}
	}
}

// What Process says about a page fits the picture that is shown of it.
func TestProcessSeesThePictureUpright(t *testing.T) {
	r, err := open(t, 1).Process(t.Context(), file(t, "turned.jpg", onItsSide(t)), nil)
	if err != nil || r.WidthPx != 80 || r.HeightPx != 120 {
		t.Errorf("got %d x %d, %v; want 80 x 120", r.WidthPx, r.HeightPx, err)
	}
}

func TestPictureSaysWhyNot(t *testing.T) {
	e := openWith(t, nil, 1)
	whole := encoded(t, image.NewGray(image.Rect(0, 0, 400, 400)))
	second := sample("poster.jpg")
	second.Page = 2
	for name, c := range map[string]struct {
		task inkpool.Task
		want inkpool.Code
	}{
		"text":         {file(t, "a.txt", []byte("Harbour")), inkpool.CodeInvalid},
		"empty":        {file(t, "a.png", nil), inkpool.CodeInvalid},
		"program":      {file(t, "a.png", []byte("\x7fELF\x02\x01\x01\x00\x00\x00")), inkpool.CodeUnsupportedFormat},
		"cut off":      {file(t, "a.png", whole[:len(whole)/2]), inkpool.CodeInvalid},
		"missing":      {task(filepath.Join(t.TempDir(), "gone.png")), inkpool.CodeNotFound},
		"no such page": {second, inkpool.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := e.Picture(t.Context(), c.task, 0, 100)
			if got := inkpool.CodeOf(err); got != c.want || data != nil {
				t.Errorf("got %d bytes and %q (%v), want %q", len(data), got, err, c.want)
			}
		})
	}
}

func TestPictureStopsWhenItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := openWith(t, nil, 1).Picture(ctx, sample("poster.jpg"), 0, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
