package document_test

import (
	"image"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// What is left of a picture that was not copied completely is shown; the rest is grey.
func TestDecodeJPEGThatBreaksOff(t *testing.T) {
	const w, h = 200, 400
	r := rand.New(rand.NewPCG(1, 2))
	noise := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(r.Uint32())
	}
	whole := jpegBytes(t, noise)
	want, err := document.DecodeImage(whole, document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tenths := range []int{5, 8} {
		got, err := document.DecodeImage(whole[:len(whole)*tenths/10], document.Limits{})
		if err != nil {
			t.Fatalf("%d tenths: got error %v", tenths, err)
		}
		rows := sameRows(got, want)
		if least := h*tenths/10 - 32; rows < least || rows > h*tenths/10 {
			t.Errorf("%d tenths: got %d rows of the picture, want about %d", tenths, rows, h*tenths/10)
		}
		if c := got.At(w/2, h-1); c != (raster.RGB{128, 128, 128}) {
			t.Errorf("%d tenths: got %v in the last row, want grey", tenths, c)
		}
	}
	wantCode(t, decodeError(whole[:len(whole)/20]), inkpool.CodeInvalid)
}

// sameRows counts the rows from the top that are alike.
func sameRows(a, b *raster.Image) int {
	for i := range a.Pix {
		if a.Pix[i] != b.Pix[i] {
			return i / (3 * a.Width)
		}
	}
	return a.Height
}

// The files in testdata were written by libjpeg: 64 x 64 pixels of noise, one progressive, one
// with a restart every four blocks.
func TestDecodeJPEGOfLibjpegThatBreaksOff(t *testing.T) {
	for _, name := range []string{"progressive.jpg", "restarts.jpg"} {
		t.Run(name, func(t *testing.T) {
			whole, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := document.DecodeImage(whole, document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := document.DecodeImage(whole[:len(whole)*7/10], document.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if d := meanDifference(got, want); d > 30 {
				t.Errorf("got a mean difference of %.1f levels to the whole picture, want at most 30", d)
			}
		})
	}
}
