package ocr_test

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// sheet is a page whose models look at its pixels, so that they know it however it is turned.
// A line is green; its first half is also red, and how red says which letter it reads as.
// Columns of upright characters are blue as well. Lines read in a wrong direction make "z".
type sheet struct {
	page                             *raster.Image
	detector, classifier, recognizer *infertest.Session
}

func newSheet(w, h int) *sheet {
	s := &sheet{page: raster.New(w, h), detector: greenDetector(0)}
	s.classifier = &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		out[0].Data[0], out[0].Data[1] = 1, 0
		if _, backwards := sheetLetter(in[0]); backwards {
			out[0].Data[0], out[0].Data[1] = 0, 1
		}
		return nil
	}}
	s.recognizer = &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		letter, _ := sheetLetter(in[0])
		if letter == 0 {
			spell(out[0], []int{26}, 0.6)
			return nil
		}
		path := []int{letter}
		if at(in[0], 0, 0.25) > 0 {
			path = append(path, 27) // a Chinese character
		}
		spell(out[0], path, 0.95)
		return nil
	}}
	return s
}

// greenDetector sees text where a picture is green, but for so many pixels at the edges of what
// it sees in one run.
func greenDetector(blind int) *infertest.Session {
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		h, w := int(in[0].Shape[2]), int(in[0].Shape[3])
		for y := range h {
			for x := range w {
				seen := x >= blind && y >= blind && x < w-blind && y < h-blind
				out[0].Data[y*w+x] = 0
				if seen && in[0].Data[h*w+y*w+x] > 0 {
					out[0].Data[y*w+x] = 0.95
				}
			}
		}
		return nil
	}}
}

// at is the value of a channel (blue, green, red) in the middle row of an input, at a part of
// its width.
func at(in infer.Tensor, channel int, part float64) float32 {
	h, w := int(in.Shape[2]), int(in.Shape[3])
	return in.Data[channel*h*w+h/2*w+int(part*float64(w))]
}

// sheetLetter is the letter of a line, from 1, or 0 in a wrong direction; backwards: it begins
// at its other end.
func sheetLetter(in infer.Tensor) (letter int, backwards bool) {
	first, second := at(in, 2, 0.25), at(in, 2, 0.75)
	if first > -0.95 && second < -0.95 {
		return int(math.Round(float64((first*0.5+0.5)*255) / 9)), false
	}
	return 0, second > -0.95
}

// line draws a line of w x h pixels with that letter, from 1.
func (s *sheet) line(x, y, w, h, letter int) { s.draw(x, y, w, h, letter, 0) }

// column draws a column of upright characters.
func (s *sheet) column(x, y, w, h, letter int) { s.draw(x, y, w, h, letter, 255) }

func (s *sheet) draw(x, y, w, h, letter int, blue uint8) {
	for row := y; row < y+h; row++ {
		for col := x; col < x+w; col++ {
			c := raster.RGB{uint8(9 * letter), 255, blue}
			if w >= h && col >= x+w/2 || w < h && row >= y+h/2 {
				c[0] = 0
			}
			s.page.Set(col, row, c)
		}
	}
}

func (s *sheet) pipeline(t *testing.T) *ocr.Pipeline {
	t.Helper()
	dict, err := ocr.ParseDictionary([]byte(strings.Join(strings.Split(letters, ""), "\n") + "\n中"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := detectorConfig()
	cfg.Norm = raster.Norm{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5}}
	return ocr.NewPipeline(
		ocr.NewDetector(s.detector, cfg), ocr.NewClassifier(s.classifier, classifierConfig()),
		ocr.NewRecognizer(s.recognizer, dict, recognizerConfig()), room(1))
}

func (s *sheet) read(t *testing.T, how inkpool.Reading, workers int) ocr.Page {
	t.Helper()
	page, _, err := s.pipeline(t).Read(t.Context(), pool.New(workers).Page(pool.Request{}), s.page, how)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// prose is a sheet of 8 lines, "a" to "h".
func prose() *sheet {
	s := newSheet(640, 480)
	for i := range 8 {
		s.line(60, 30+50*i, 320+10*i, 24, i+1)
	}
	return s
}

func TestReadTurnsThePageUpright(t *testing.T) {
	upright := prose().read(t, inkpool.Reading{}, 1)
	for exif, c := range map[int]struct{ rotation, detections int }{1: {0, 1}, 6: {270, 2}, 3: {180, 2}, 8: {90, 2}} {
		for _, workers := range []int{1, 4} {
			s := prose()
			s.page = s.page.Oriented(exif)
			got := s.read(t, inkpool.Reading{}, workers)
			if got.Rotation != c.rotation || got.Width != 640 || got.Height != 480 {
				t.Errorf("orientation %d: got %d x %d turned by %d, want 640 x 480 by %d", exif, got.Width, got.Height, got.Rotation, c.rotation)
			}
			if want := "abcdefgh"; texts(got.Lines) != want {
				t.Errorf("orientation %d: got %q, want %q", exif, texts(got.Lines), want)
			}
			if n := s.detector.Runs(); n != c.detections {
				t.Errorf("orientation %d: got %d detections, want %d", exif, n, c.detections)
			}
			for i, l := range got.Lines {
				if d := farthest(l.Quad, upright.Lines[i].Quad); d > 2 || l.Vertical {
					t.Errorf("orientation %d: line %q lies %v (vertical %v), want %v", exif, l.Text, l.Quad, l.Vertical, upright.Lines[i].Quad)
				}
			}
		}
	}
}

// What has been read to know how a page stands is not read again when it stands upright.
func TestAnUprightPageCostsNothingMore(t *testing.T) {
	s := prose()
	s.read(t, inkpool.Reading{}, 1)
	if d, c, r := s.detector.Runs(), s.classifier.Runs(), s.recognizer.Runs(); d != 1 || c != 8 || r != 8 {
		t.Errorf("detector, classifier, recogniser ran %d, %d, %d times; want 1, 8, 8", d, c, r)
	}
}

// When nothing is found on the turned page, what was found before is read as it stands.
func TestReadKeepsTheFirstLookWhereTheSecondIsBlind(t *testing.T) {
	s := prose()
	s.page = s.page.Turned(1)
	see, looks := s.detector.Func, 0
	s.detector.Func = func(ctx context.Context, in, out []infer.Tensor) error {
		if looks++; looks > 1 {
			clear(out[0].Data)
			return nil
		}
		return see(ctx, in, out)
	}
	page := s.read(t, inkpool.Reading{}, 1)
	if looks != 2 || page.Rotation != 0 || len(page.Lines) != 8 {
		t.Errorf("got %d lines, turned by %d, after %d looks; want all 8 as they stand, after 2", len(page.Lines), page.Rotation, looks)
	}
}

func TestReadLeavesPagesAsTheyAre(t *testing.T) {
	for name, c := range map[string]struct {
		draw     func(*sheet)
		turns    int // EXIF number of how the sheet is turned
		rotation int
		want     string
		vertical bool
	}{
		"a sign on its side among lines": {func(s *sheet) {
			for i := range 4 {
				s.line(100, 30+50*i, 200, 24, i+1)
			}
			s.column(400, 20, 24, 400, 5)
		}, 1, 0, "e中abcd", false},
		"two lines upside down are too few": {func(s *sheet) {
			s.line(100, 100, 300, 24, 1)
			s.line(100, 200, 300, 24, 2)
		}, 3, 0, "ba", false},
		"columns of upright characters": {func(s *sheet) {
			for i := range 5 {
				s.column(100+60*i, 20, 24, 400, i+1)
			}
		}, 1, 0, "a中b中c中d中e中", true},
		"columns upside down": {func(s *sheet) {
			for i := range 5 {
				s.column(100+60*i, 20, 24, 400, i+1)
			}
		}, 3, 180, "a中b中c中d中e中", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSheet(640, 480)
			c.draw(s)
			s.page = s.page.Oriented(c.turns)
			got := s.read(t, inkpool.Reading{}, 2)
			if got.Rotation != c.rotation || texts(got.Lines) != c.want {
				t.Errorf("got %q turned by %d, want %q by %d", texts(got.Lines), got.Rotation, c.want, c.rotation)
			}
			for _, l := range got.Lines {
				if c.vertical && !l.Vertical {
					t.Errorf("%q: got a line, want a column", l.Text)
				}
			}
		})
	}
}

func TestReadUprightTurnsNothing(t *testing.T) {
	s := prose()
	s.page = s.page.Oriented(3)
	got := s.read(t, inkpool.Reading{Upright: true, TextScore: 0.9}, 1)
	if got.Rotation != 0 || len(got.Lines) != 0 || s.classifier.Runs() != 0 {
		t.Errorf("got %q turned by %d with %d runs of the classifier, want nothing", texts(got.Lines), got.Rotation, s.classifier.Runs())
	}
}

// Columns need not be turned: their characters stand upright.
func TestReadUprightReadsColumns(t *testing.T) {
	s := newSheet(640, 480)
	s.column(100, 20, 24, 400, 1)
	got := s.read(t, inkpool.Reading{Upright: true}, 1)
	if texts(got.Lines) != "a中" || !got.Lines[0].Vertical || s.classifier.Runs() != 0 {
		t.Errorf("got %+v with %d runs of the classifier, want the column", got.Lines, s.classifier.Runs())
	}
}

func TestReadHeedsTheScoresAskedFor(t *testing.T) {
	s := prose()
	s.line(500, 420, 100, 24, 9)
	for name, c := range map[string]struct {
		how  inkpool.Reading
		want string
	}{
		"all":         {inkpool.Reading{}, "abcdefghi"},
		"sure boxes":  {inkpool.Reading{BoxScore: 0.99}, ""},
		"sure text":   {inkpool.Reading{TextScore: 0.96}, ""},
		"by and by":   {inkpool.Reading{BoxScore: 0.9, TextScore: 0.9}, "abcdefghi"},
		"one region":  {inkpool.Reading{Ignore: []inkpool.Region{{Left: 0.7, Top: 0.8, Right: 1, Bottom: 1}}}, "abcdefgh"},
		"two regions": {inkpool.Reading{Ignore: []inkpool.Region{{Right: 1, Bottom: 0.5}, {Left: 0.7, Right: 1, Bottom: 1}}}, "efgh"},
		"everything":  {inkpool.Reading{Ignore: []inkpool.Region{{Right: 1, Bottom: 1}}}, ""},
	} {
		if got := texts(s.read(t, c.how, 1).Lines); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Regions are on the upright page.
func TestReadIgnoresRegionsOfATurnedPage(t *testing.T) {
	s := prose()
	s.page = s.page.Oriented(6)
	if got, want := texts(s.read(t, inkpool.Reading{Ignore: []inkpool.Region{{Right: 1, Bottom: 0.5}}}, 1).Lines), "efgh"; got != want {
		t.Errorf("got %q, want %q: the lower half", got, want)
	}
}

func TestTurnedBack(t *testing.T) {
	s := prose()
	s.page = s.page.Oriented(6)
	page := s.read(t, inkpool.Reading{}, 1)
	before := page.Lines[0].Quad
	back := page.TurnedBack()
	if back.Rotation != 0 || back.Width != 480 || back.Height != 640 {
		t.Errorf("got %d x %d turned by %d, want 480 x 640 as it lies", back.Width, back.Height, back.Rotation)
	}
	// Line a begins at x 60 and y 30: turned right, at the top right corner.
	if p, want := back.Lines[0].Quad[0], (inkpool.Point{X: 450, Y: 60}); math.Hypot(p.X-want.X, p.Y-want.Y) > 25 {
		t.Errorf("the first line begins at %v, want about %v", p, want)
	}
	if !reflect.DeepEqual(page.Lines[0].Quad, before) {
		t.Error("the page itself has changed")
	}
}
