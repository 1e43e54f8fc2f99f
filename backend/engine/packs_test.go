package engine_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// openPacks returns an engine with the bundled models that looks for others in dir.
func openPacks(t *testing.T, dir string) *engine.Engine {
	t.Helper()
	return openWithSettings(t, engine.Settings{Workers: 2, PacksDir: dir})
}

// withMetadata is a model with one entry of metadata more.
func withMetadata(m onnx, key, value string) onnx {
	return slices.Clone(m).message(14, onnx(nil).text(1, key).text(2, value))
}

// Each pack is read with from end to end; only what is said is not as in tinyFiles.
func TestPacksAreReadWith(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(files map[string][]byte)
		manifest func(m map[string]any)
		plain    bool // no manifest
		want     string
	}{
		"a dictionary": {want: "abc"},
		"the dictionary in the metadata": {
			change: func(f map[string][]byte) {
				delete(f, "keys.txt")
				f["rec.onnx"] = withMetadata(tinyRecognizer(5), "character", "x\ny\nz")
			},
			want: "xyz",
		},
		"a dictionary beside that in the metadata": {
			change: func(f map[string][]byte) { f["rec.onnx"] = withMetadata(tinyRecognizer(5), "character", "x\ny\nz") },
			want:   "abc",
		},
		"a dictionary with blank and space": {
			change: func(f map[string][]byte) { f["keys.txt"] = []byte("\ufeff\r\na\r\nb\r\nc\r\n \r\n") },
			want:   "abc",
		},
		"an open number of classes":             {change: func(f map[string][]byte) { f["rec.onnx"] = tinyRecognizer(0) }, want: "abc"},
		"an open number of classes, no space":   {change: func(f map[string][]byte) { f["rec.onnx"], f["keys.txt"] = tinyRecognizer(0), []byte("a\nb\nc\nd\n") }, want: "abc"},
		"an open number of classes, all in it":  {change: func(f map[string][]byte) { f["rec.onnx"], f["keys.txt"] = tinyRecognizer(0), []byte("\na\nb\nc\n \n") }, want: "abc"},
		"no manifest":                           {plain: true, want: "abc"},
		"a classifier":                          {change: func(f map[string][]byte) { f["cls.onnx"] = tinyClassifier(80, 160) }, want: "abc"},
		"a script from right to left":           {change: func(f map[string][]byte) { f["keys.txt"] = []byte("ا\nب\nج\n") }, manifest: func(m map[string]any) { m["languages"] = []string{"ar"} }, want: "جبا"},
		"letters of that script for a language": {change: func(f map[string][]byte) { f["keys.txt"] = []byte("ا\nب\nج\n") }, want: "ابج"},
		"channels of its own": {
			manifest: func(m map[string]any) { m["ocr"].(map[string]any)["recognizer"].(map[string]any)["channels"] = "rgb" },
			want:     "cba",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files, dir := tinyFiles(), t.TempDir()
			if c.change != nil {
				c.change(files)
			}
			var m []byte
			if !c.plain {
				m = tinyManifest(files, c.manifest)
			}
			install(t, dir, "tiny", files, m)
			r, err := openPacks(t, dir).Process(t.Context(), with(file(t, "bars.png", bars(t, "rgb")), "tiny"), nil)
			if err != nil || r.Text != c.want {
				t.Errorf("got %q, %v; want %q", r.Text, err, c.want)
			}
		})
	}
}

func TestPacksThatCannotBeReadWith(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(files map[string][]byte)
		manifest func(m map[string]any)
		want     inkpool.Code
		says     string
	}{
		"the dictionary of another model": {
			change: func(f map[string][]byte) { f["keys.txt"] = []byte("a\nb\n") },
			want:   inkpool.CodeModelCorrupt, says: "do not belong together",
		},
		"the same, number of classes open": {
			change: func(f map[string][]byte) { f["rec.onnx"], f["keys.txt"] = tinyRecognizer(0), []byte("a\n") },
			want:   inkpool.CodeModelCorrupt, says: "do not belong together",
		},
		"no dictionary at all": {
			change: func(f map[string][]byte) { delete(f, "keys.txt") },
			want:   inkpool.CodeModelCorrupt, says: "dictionary",
		},
		"another height": {
			manifest: func(m map[string]any) { m["ocr"].(map[string]any)["recognizer"].(map[string]any)["height"] = 32 },
			want:     inkpool.CodeModelCorrupt, says: "another input",
		},
		"another stride": {
			manifest: func(m map[string]any) { m["ocr"].(map[string]any)["recognizer"].(map[string]any)["stride"] = 16 },
			want:     inkpool.CodeModelCorrupt, says: "numbers",
		},
		"a classifier in place of the detector": {
			change: func(f map[string][]byte) { f["det.onnx"] = tinyClassifier(0, 0) },
			want:   inkpool.CodeModelCorrupt, says: "numbers",
		},
		"the models exchanged": {
			change: func(f map[string][]byte) { f["det.onnx"], f["rec.onnx"] = f["rec.onnx"], f["det.onnx"] },
			want:   inkpool.CodeModelCorrupt, says: "another input",
		},
		"a page in place of a model": {
			change: func(f map[string][]byte) { f["rec.onnx"] = []byte("<!DOCTYPE html>") },
			want:   inkpool.CodeModelCorrupt,
		},
		"a model that is cut off": {
			change: func(f map[string][]byte) { f["rec.onnx"] = f["rec.onnx"][:len(f["rec.onnx"])/2] },
			want:   inkpool.CodeModelCorrupt,
		},
		"an operator that nobody knows": {
			change: func(f map[string][]byte) {
				f["det.onnx"] = []byte(strings.ReplaceAll(string(f["det.onnx"]), "Sigmoid", "Sigmund"))
			},
			want: inkpool.CodeModelCorrupt,
		},
	} {
		t.Run(name, func(t *testing.T) {
			files, dir := tinyFiles(), t.TempDir()
			if c.change != nil {
				c.change(files)
			}
			install(t, dir, "tiny", files, tinyManifest(files, c.manifest))
			e := openPacks(t, dir)
			r, err := e.Process(t.Context(), with(file(t, "bars.png", bars(t, "r")), "tiny"), nil)
			var shown *inkpool.Error
			if !errors.As(err, &shown) || shown.Code != c.want || !strings.Contains(shown.Message, c.says) || shown.Hint == "" {
				t.Errorf("got %q, %v; want %q, a message with %q and what to do", r.Text, err, c.want, c.says)
			}
		})
	}
}

// A manifest has its numbers in the order of the model's channels.
func TestNumbersOfAManifest(t *testing.T) {
	side, share, score, no, yes := 736, float32(0.25), 0.75, false, true
	mean, std := []float32{0.1, 0.2, 0.3}, []float32{0.4, 0.5, 0.6}
	model := func(c modelpack.Channels) modelpack.Model {
		return modelpack.Model{Generation: modelpack.PPOCRv5, Channels: c, Mean: mean, Std: std}
	}
	det, cls, rec := ocr.PPOCRv4Detector(), ocr.PPLCNetClassifier(), ocr.PPOCRv4Recognizer()
	plain := modelpack.Model{Generation: modelpack.PPOCRv5}
	d, c, r := engine.NumbersOf(&modelpack.OCR{
		Detector: modelpack.Detector{Model: plain}, Classifier: &modelpack.Classifier{Model: plain}, Recognizer: modelpack.Recognizer{Model: plain},
	})
	if d != det || c != cls || r != rec {
		t.Errorf("nothing of its own: got %+v, %+v, %+v; want the generation's", d, c, r)
	}
	det.Norm = raster.Norm{Mean: [3]float32{0.1, 0.2, 0.3}, Std: [3]float32{0.4, 0.5, 0.6}}
	det.MinSide, det.MaxSide, det.Multiple, det.Threshold, det.BoxThreshold, det.Unclip = side, side, side, share, score, score
	det.Dilate = yes
	cls.Norm = raster.Norm{Mean: [3]float32{0.3, 0.2, 0.1}, Std: [3]float32{0.6, 0.5, 0.4}, RGB: true}
	cls.Width, cls.Height, cls.Stretch, cls.Threshold = side, side, no, share
	rec.Norm = raster.Norm{Mean: [3]float32{0.3, 0.2, 0.1}, Std: [3]float32{0.6, 0.5, 0.4}, RGB: true}
	rec.Height, rec.Stride, rec.MinWidth, rec.MaxWidth, rec.MinScore = side, side, side, side, score
	d, c, r = engine.NumbersOf(&modelpack.OCR{
		Detector: modelpack.Detector{
			Model: model(""), MinSide: &side, MaxSide: &side, Multiple: &side, Threshold: &share, Dilate: &yes, BoxThreshold: &score, Unclip: &score,
		},
		Classifier: &modelpack.Classifier{Model: model(""), Width: &side, Height: &side, Stretch: &no, Threshold: &share},
		Recognizer: modelpack.Recognizer{
			Model: model(modelpack.RGB), Height: &side, Stride: &side, MinWidth: &side, MaxWidth: &side, MinScore: &score,
		},
	})
	if d != det || c != cls || r != rec {
		t.Errorf("all its own: got %+v, %+v, %+v; want %+v, %+v, %+v", d, c, r, det, cls, rec)
	}
	_, c, _ = engine.NumbersOf(&modelpack.OCR{Classifier: &modelpack.Classifier{Model: modelpack.Model{Generation: modelpack.PPOCRv4}}})
	if c != ocr.PPOCRv2Classifier() {
		t.Errorf("got %+v for a classifier of PP-OCRv4, want the old one's", c)
	}
}

// A pack that is not there fails the tasks that ask for it, and no others.
func TestAPackThatIsNotInstalled(t *testing.T) {
	e := openPacks(t, t.TempDir())
	for _, id := range []string{"large", "..", "../packs"} {
		_, err := e.Process(t.Context(), with(sample("white-on-transparent.png"), id), nil)
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeModelMissing || shown.Hint == "" {
			t.Errorf("%q: got %v, want %q and what to do", id, err, inkpool.CodeModelMissing)
		}
	}
	for _, id := range []string{"", "pp-ocrv4-mobile"} {
		if r, err := e.Process(t.Context(), with(sample("white-on-transparent.png"), id), nil); err != nil || r.Text == "" {
			t.Errorf("%q: got %q, %v; want it read", id, r.Text, err)
		}
	}
	if _, sessions := names(e.Usage()); !slices.Equal(sessions, []int{3 + tongue}) {
		t.Errorf("got %v sessions, want the bundled pack once under both names", sessions)
	}
}

// The bundled models in a folder, as people download them, read what the bundled ones read.
func TestTheBundledModelsInAFolder(t *testing.T) {
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	copied, dir := map[string][]byte{}, t.TempDir()
	for _, name := range []string{"det.onnx", "cls.onnx", "rec.onnx", "keys.txt"} {
		data, err := files.ReadFile("ocr/" + name)
		if err != nil {
			t.Fatal(err)
		}
		copied[name] = data
	}
	install(t, dir, "downloaded", copied, nil)
	e := openPacks(t, dir)
	want, err := e.Process(t.Context(), sample("slide.gif"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Process(t.Context(), with(sample("slide.gif"), "downloaded"), nil); err != nil || got.Text != want.Text {
		t.Errorf("got %q, %v; want %q", got.Text, err, want.Text)
	}
}

// One pack more is loaded than is chosen at a time; with every other, one goes.
func TestPacksGoWhenOthersAreReadWith(t *testing.T) {
	dir, ids := t.TempDir(), []string{"one", "two", "three"}
	files := tinyFiles()
	for _, id := range ids {
		install(t, dir, id, files, tinyManifest(files, nil))
	}
	e := openPacks(t, dir)
	loads := engine.CountLoads(e)
	read := func(id string) {
		t.Helper()
		if r, err := e.Process(t.Context(), with(file(t, "bars.png", bars(t, "rb")), id), nil); err != nil || r.Text != "ac" {
			t.Fatalf("%s: got %q, %v", id, r.Text, err)
		}
		if _, sessions := names(e.Usage()); sessions[0] > 2*2+tongue {
			t.Errorf("%s: got %d sessions, want those of two packs at most", id, sessions[0])
		}
	}
	for range 3 {
		read("one")
		read("two")
	}
	if got := loads.Load(); got != 2 {
		t.Errorf("got %d loads, want each pack loaded once", got)
	}
	read("three")
	read("two") // still there
	if got := loads.Load(); got != 3 {
		t.Errorf("got %d loads, want the one used last to have stayed", got)
	}
	read("one")
	if got := loads.Load(); got != 4 {
		t.Errorf("got %d loads, want the first to have gone", got)
	}
	engine.Idle(e)
	if _, sessions := names(e.Usage()); !slices.Equal(sessions, []int{0}) {
		t.Errorf("got %v sessions after a pause, want none", sessions)
	}
}

// Packs keep what is optimised of their models apart from each other's.
func TestPacksAreCachedApart(t *testing.T) {
	dir := t.TempDir()
	files := tinyFiles()
	for _, id := range []string{"a", "a.det", "det"} {
		install(t, dir, id, files, tinyManifest(files, nil))
	}
	e := openPacks(t, dir)
	for range 2 {
		for _, id := range []string{"a", "a.det", "det"} {
			if _, err := e.Process(t.Context(), with(file(t, "bars.png", bars(t, "r")), id), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, id := range []string{"a", "a.det", "det"} {
		for _, role := range []string{"det", "rec"} {
			if found, _ := filepath.Glob(filepath.Join(cacheDir, "models", id+"."+role+"-*.ort")); len(found) != 1 {
				t.Errorf("%s of %s: got %q, want one file", role, id, found)
			}
		}
	}
}

// The model says which way up; the recogniser has the last word (see package ocr).
func TestPackWithoutAClassifierHasFewerSessions(t *testing.T) {
	dir := t.TempDir()
	files := tinyFiles()
	install(t, dir, "two", files, tinyManifest(files, nil))
	more := maps.Clone(files)
	more["cls.onnx"] = tinyClassifier(80, 160)
	install(t, dir, "three", more, tinyManifest(more, nil))
	e := openPacks(t, dir)
	for i, id := range []string{"two", "three"} {
		if _, err := e.Process(t.Context(), with(file(t, "bars.png", bars(t, "r")), id), nil); err != nil {
			t.Fatal(err)
		}
		if _, sessions := names(e.Usage()); sessions[0] != []int{2, 5}[i]+tongue {
			t.Errorf("%s: got %v sessions", id, sessions)
		}
	}
}

// Models that others have exported, of an older generation and with other names for what goes
// in and out, in place of the bundled detector and classifier.
func TestForeignModels(t *testing.T) {
	data := modelsData(t)
	files, err := bundle.Embedded()
	if err != nil {
		t.Skipf("no models in this build (%v): run make setup", err)
	}
	own := func(name string) []byte {
		data, err := files.ReadFile("ocr/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	foreign := func(path string) []byte {
		data, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	dir := t.TempDir()
	install(t, dir, "ch", map[string][]byte{
		"ch_PP-OCRv3_det.onnx": foreign("ppocr_v3_ch_det/ch_PP-OCRv3_det_infer.onnx"),
		"cls.onnx":             foreign("ppocr_mobile_v2_cls/ch_ppocr_mobile_v2.0_cls_infer.onnx"),
		"rec.onnx":             own("rec.onnx"),
		"ppocrv4_dict.txt":     foreign("ocr_dictionaries/ppocrv4_dict.txt"),
	}, nil)
	install(t, dir, "en", map[string][]byte{
		"en_PP-OCRv3_det.onnx": foreign("ppocr_v3_en_det/en_PP-OCRv3_det_infer.onnx"),
		"rec.onnx":             own("rec.onnx"),
		"ppocr_keys_v1.txt":    own("keys.txt"),
	}, nil)
	e := openPacks(t, dir)
	const line = "Fishspendthewinteratthebottom,alive."
	for _, id := range []string{"ch", "en"} { // lines are found a little larger or smaller: some characters may differ
		got, err := e.Process(t.Context(), with(sample("slide.gif"), id), nil)
		if err != nil || len(got.Lines) != 7 || !strings.Contains(withoutSpaces(got.Text), line) {
			t.Errorf("%s: got %q in %d lines, %v; want 7 with %q", id, got.Text, len(got.Lines), err, line)
		}
	}
}

// Files that are no usable model end in an error for people, whatever they are.
func TestFilesThatAreNoModels(t *testing.T) {
	bad, err := filepath.Glob(filepath.Join(modelsData(t), "bad_models", "*.onnx"))
	if err != nil || len(bad) == 0 {
		t.Fatalf("got %q, %v", bad, err)
	}
	dir, files := t.TempDir(), tinyFiles()
	for i, path := range bad {
		if files["rec.onnx"], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		install(t, dir, fmt.Sprint("bad", i), files, nil)
	}
	e := openPacks(t, dir)
	for i, path := range bad {
		r, err := e.Process(t.Context(), with(file(t, "bars.png", bars(t, "r")), fmt.Sprint("bad", i)), nil)
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeModelCorrupt || shown.Hint == "" {
			t.Errorf("%s: got %q, %v; want %q and what to do", filepath.Base(path), r.Text, err, inkpool.CodeModelCorrupt)
		}
	}
}

// modelsData is the folder of the evaluation data that has models.
func modelsData(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(cmp.Or(os.Getenv("INKPOOL_DATA"), filepath.Join("..", "..", "..", "shared", "data")), "models")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no evaluation data in %s: set INKPOOL_DATA to its folder", dir)
	}
	return dir
}
