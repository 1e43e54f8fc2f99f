package document_test

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pdf/pdftest"
	"github.com/inkpool/inkpool/backend/raster"
)

// badInput is a line of the index of real files that broke other programs.
type badInput struct {
	File, Kind, Expect string
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

// demand is what must become of a file. Nothing may take more than five seconds of a core: the
// clock on the wall says how busy the machine is.
type demand struct {
	page    bool          // a picture or a text must come
	refusal bool          // an error must come
	within  time.Duration // 0: five seconds
}

// demandOf says which of the files any reader should show, and which none can.
func demandOf(in badInput) demand {
	name := filepath.Base(in.File)
	switch name {
	case "jpeg_named.png", "hopper_idat_after_image_end.png", "junk_jpeg_header.jpg", "flower.webp", "go_tux.lossless.webp",
		"g4-multi.tiff", "total-pages-zero.tif", "text_named.png", "heif_examples_example.heic", "heif_tests_data_rainbow-451x461.heic":
		return demand{page: true}
	case "hopper_rle8_row_overflow.bmp", "corrupt_xcsn0g01.png", "decompression_bomb_extents.gif":
		return demand{} // either will do
	}
	switch in.Kind {
	case "exif_orientation", "alpha", "animated", "bad_metadata", "depth", "png_good":
		return demand{page: true}
	case "bmp":
		return demand{page: strings.HasPrefix(name, "bmp_g")}
	case "colour":
		return demand{page: strings.HasSuffix(name, ".jpg")}
	case "bomb":
		return demand{refusal: true, within: time.Second}
	case "not_an_image", "png_corrupt", "heic_corrupt":
		return demand{refusal: true}
	}
	return demand{}
}

// check compares what became of a file with what must.
func (d demand) check(t *testing.T, err error, took time.Duration) {
	t.Helper()
	most := 5 * time.Second
	if d.within > 0 {
		most = d.within
	}
	if took > most*slowdown {
		t.Errorf("took %v of a core, want at most %v", took, most)
	}
	switch code := inkpool.CodeOf(err); {
	case err == nil && d.refusal:
		t.Error("got a page, want an error")
	case err != nil && d.page:
		t.Errorf("got %v, want a page", err)
	case err == nil, code == inkpool.CodeInvalid, code == inkpool.CodeUnsupportedFormat, code == inkpool.CodeTooLarge:
	default:
		t.Errorf("got %v, want a page or an error that says what is wrong with the file", err)
	}
}

// Every real file gets an answer that fits it: pages, a text, or an error for people that is
// not our fault, in bounded time and memory. That no decoder takes the process down shows by
// the end of the test. Of the photographs that come in each orientation, as other programs
// wrote them, all must look alike.
func TestEveryBadInputGetsAnAnswer(t *testing.T) {
	const most = 128 << 20 // bytes; the largest good picture among the files takes 63 MiB
	dir := dataFolder(t, "bad_inputs")
	opener := document.Opener{HEIF: phoneDecoder(t), Pixels: raster.NewPixels()}
	first := map[string]*raster.Image{}
	for _, in := range badInputs(t, dir) {
		t.Run(in.File, func(t *testing.T) {
			var im *raster.Image
			var err error
			began := pdftest.Computed(t)
			if got := bytesAllocated(func() { im, err = process(t.Context(), opener, filepath.Join(dir, in.File)) }); got > most {
				t.Errorf("got %d MiB allocated, want at most %d", got>>20, most>>20)
			}
			demandOf(in).check(t, err, pdftest.Computed(t)-began)
			if err != nil && inkpool.AsError(err).Hint == "" {
				t.Errorf("got %v without a hint, want one", err)
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

// process does with a file what the engine does, and returns its last page; nil for texts.
func process(ctx context.Context, opener document.Opener, path string) (im *raster.Image, err error) {
	data, err := document.Load(path, document.Limits{})
	if err != nil {
		return nil, err
	}
	f, err := opener.Open(ctx, data, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for page := range f.Pages() {
		if f.Kind() == inkpool.KindText {
			_, err = f.Text(ctx, page)
		} else {
			if im != nil {
				opener.Pixels.Recycle(im)
			}
			im, err = f.Decode(ctx, page)
		}
		if err != nil {
			return nil, err
		}
	}
	return im, nil
}

// series names the photograph that a file shows in one of the eight orientations.
func series(in badInput) string {
	name, _, _ := strings.Cut(filepath.Base(in.File), "_")
	if name == "Landscape" || name == "Portrait" || name == "avif" && in.Kind == "exif_orientation" {
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
