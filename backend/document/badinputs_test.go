package document_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// badInput is a line of the index of real files that broke other programs.
type badInput struct {
	File, Kind string
}

// dataFolder returns a folder of the evaluation data, or skips the test.
func dataFolder(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("INKPOOL_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	return dir
}

func badInputs(t *testing.T, dir string) (list []badInput) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in badInput
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		list = append(list, in)
	}
	if lines.Err() != nil || len(list) == 0 {
		t.Fatalf("got %d entries, %v, want some", len(list), lines.Err())
	}
	return list
}

// mustDecode says which of the files hold pictures that any reader should show.
func mustDecode(in badInput) bool {
	name := filepath.Base(in.File)
	if strings.HasSuffix(name, ".avif") {
		return false
	}
	switch in.Kind {
	case "exif_orientation", "alpha", "animated", "bad_metadata", "depth", "png_good":
		return true
	case "bmp":
		return strings.HasPrefix(name, "bmp_g")
	case "colour":
		return strings.HasSuffix(name, ".jpg")
	}
	switch name {
	case "jpeg_named.png", "hopper_idat_after_image_end.png", "junk_jpeg_header.jpg", "flower.webp", "go_tux.lossless.webp", "g4-multi.tiff":
		return true
	}
	return false
}

// Every real file gets an answer: a picture, a text, or an error for people that is not our
// fault, in bounded memory. That no decoder hangs or takes the process down shows by the end
// of the test. Of the photographs that come in each orientation, as other programs wrote them,
// all must look alike.
func TestEveryBadInputGetsAnAnswer(t *testing.T) {
	const most = 128 << 20 // bytes; the largest good picture among the files takes 63 MiB
	dir := dataFolder(t, "bad_inputs")
	first := map[string]*raster.Image{}
	for _, in := range badInputs(t, dir) {
		t.Run(in.File, func(t *testing.T) {
			var im *raster.Image
			var err error
			if got := bytesAllocated(func() { im, err = process(filepath.Join(dir, in.File)) }); got > most {
				t.Errorf("got %d MiB allocated, want at most %d", got>>20, most>>20)
			}
			switch code := inkpool.CodeOf(err); code {
			case "":
			case inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge:
				wantCode(t, err, code)
			default:
				t.Errorf("got %v, want a picture or an error that says what is wrong with the file", err)
			}
			if err != nil && mustDecode(in) {
				t.Errorf("got %v, want a picture", err)
			}
			if name := series(in); name != "" && im != nil {
				wantAlike(t, first, name, im)
			}
		})
	}
}

// Files of several pages open with all of them, and one whose chain of pages is a circle ends.
func TestPagesOfRealTIFFs(t *testing.T) {
	dir := dataFolder(t, "bad_inputs")
	for name, want := range map[string]int{"multipage.tiff": 3, "g4-multi.tiff": 3, "multipage_single_frame_loop.tiff": 1} {
		data, err := os.ReadFile(filepath.Join(dir, "multipage", name))
		if err != nil {
			t.Fatal(err)
		}
		f := openFile(t, data)
		if f.Pages() != want {
			t.Errorf("%s: got %d pages, want %d", name, f.Pages(), want)
		}
		for page := range f.Pages() {
			if _, err := f.Decode(t.Context(), page); err != nil {
				t.Errorf("%s, page %d: got error %v", name, page, err)
			}
		}
	}
}

// process does with a file what the engine does. It returns nil for texts.
func process(path string) (*raster.Image, error) {
	data, err := document.Load(path, document.Limits{})
	if err != nil {
		return nil, err
	}
	if document.Sniff(data).Kind() == inkpool.KindText {
		_, err = document.DecodeText(data, document.Limits{})
		return nil, err
	}
	return document.DecodeImage(data, document.Limits{})
}

// series names the photograph that a file shows in one of the eight orientations.
func series(in badInput) string {
	name, _, _ := strings.Cut(filepath.Base(in.File), "_")
	if name == "Landscape" || name == "Portrait" {
		return name
	}
	return ""
}

// wantAlike compares a picture with the first of its series.
func wantAlike(t *testing.T, first map[string]*raster.Image, name string, im *raster.Image) {
	t.Helper()
	small := im.Resized(24, 24)
	if first[name] == nil {
		first[name] = small
	}
	if got := meanDifference(small, first[name]); got > 4 {
		t.Errorf("got a mean difference of %.1f levels to the first of the series, want at most 4", got)
	}
}

// meanDifference is in levels, 0..255.
func meanDifference(a, b *raster.Image) float64 {
	var sum float64
	for i := range a.Pix {
		sum += math.Abs(float64(a.Pix[i]) - float64(b.Pix[i]))
	}
	return sum / float64(len(a.Pix))
}
