package modelpack_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// pack is a pack in memory whose manifest fits its files.
func pack(t testing.TB, change func(m object)) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{
		"det.onnx": {Data: []byte("detector")}, "cls.onnx": {Data: []byte("classifier")},
		"rec.onnx": {Data: []byte("recogniser")}, "keys.txt": {Data: []byte("a\nb\n")},
	}
	m := manifest()
	var list []any
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, object{"path": name, "size": len(files[name].Data), "sha256": sumOf(files[name].Data)})
	}
	m["files"] = list
	if change != nil {
		change(m)
	}
	files[modelpack.ManifestName] = &fstest.MapFile{Data: encode(t, m)}
	return files
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// write puts files into a folder.
func write(t testing.TB, dir string, files fstest.MapFS) {
	t.Helper()
	for name, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, f.Data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen(t *testing.T) {
	p, err := modelpack.Open(pack(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Size(); got != int64(len("detectorclassifierrecognisera\nb\n")) || p.Bundled {
		t.Errorf("got %d bytes, bundled %v", got, p.Bundled)
	}
	if data, err := p.ReadFile("keys.txt"); err != nil || string(data) != "a\nb\n" {
		t.Errorf("got %q, %v", data, err)
	}
	if err := p.Verify(t.Context()); err != nil {
		t.Errorf("got %v, want all files to be what they should be", err)
	}
	for _, name := range []string{"other.txt", "inkpool.json", "../keys.txt", ""} {
		if data, err := p.ReadFile(name); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%q: got %q, %v; want it refused", name, data, err)
		}
	}
}

func TestOpenLooksAtTheFiles(t *testing.T) {
	for name, change := range map[string]func(files fstest.MapFS){
		"missing":          func(f fstest.MapFS) { delete(f, "rec.onnx") },
		"cut off":          func(f fstest.MapFS) { f["rec.onnx"].Data = f["rec.onnx"].Data[:3] },
		"longer":           func(f fstest.MapFS) { f["rec.onnx"].Data = append(f["rec.onnx"].Data, 0) },
		"a folder":         func(f fstest.MapFS) { f["rec.onnx"].Mode = fs.ModeDir },
		"a pipe":           func(f fstest.MapFS) { f["rec.onnx"].Mode = fs.ModeNamedPipe },
		"manifest is huge": func(f fstest.MapFS) { f["inkpool.json"].Data = make([]byte, 2<<20) },
	} {
		files := pack(t, nil)
		change(files)
		_, err := modelpack.Open(files)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeModelCorrupt)
		}
	}
}

func TestVerifyFindsWhatHasChanged(t *testing.T) {
	files := pack(t, nil)
	p, err := modelpack.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	files["rec.onnx"].Data = []byte("recognizer") // of the same size
	if err := p.Verify(t.Context()); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
		t.Errorf("other content: got %v, want %q", err, inkpool.CodeModelCorrupt)
	}
	files["rec.onnx"].Data = []byte("rec")
	if _, err := p.ReadFile("rec.onnx"); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
		t.Errorf("shorter than when it was opened: got %v, want %q", err, inkpool.CodeModelCorrupt)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: got %v", err)
	}
}

// What people download, by its names.
func TestOpenWithoutAManifest(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  modelpack.OCR
	}{
		"RapidOCR's PP-OCRv5": {
			[]string{"ch_PP-OCRv5_det_mobile.onnx", "ch_PP-LCNet_x0_25_textline_ori_cls_mobile.onnx", "korean_PP-OCRv5_rec_mobile.onnx", "README.txt"},
			modelpack.OCR{
				Detector:   modelpack.Detector{Model: modelpack.Model{File: "ch_PP-OCRv5_det_mobile.onnx", Generation: modelpack.PPOCRv5}},
				Classifier: &modelpack.Classifier{Model: modelpack.Model{File: "ch_PP-LCNet_x0_25_textline_ori_cls_mobile.onnx", Generation: modelpack.PPOCRv5}},
				Recognizer: modelpack.Recognizer{Model: modelpack.Model{File: "korean_PP-OCRv5_rec_mobile.onnx", Generation: modelpack.PPOCRv5}},
			},
		},
		"folders, nothing in the names": {
			[]string{"det/inference.onnx", "rec/inference.onnx", "rec/ppocr_keys_v1.txt"},
			modelpack.OCR{
				Detector:   modelpack.Detector{Model: modelpack.Model{File: "det/inference.onnx", Generation: modelpack.PPOCRv4}},
				Recognizer: modelpack.Recognizer{Model: modelpack.Model{File: "rec/inference.onnx", Generation: modelpack.PPOCRv4}, Dictionary: "rec/ppocr_keys_v1.txt"},
			},
		},
		"mixed generations, old classifier": {
			[]string{"ppocrv6_det.onnx", "en_PP-OCRv4_rec.onnx", "ch_ppocr_mobile_v2.0_cls_infer.onnx", "en_dict.txt"},
			modelpack.OCR{
				Detector:   modelpack.Detector{Model: modelpack.Model{File: "ppocrv6_det.onnx", Generation: modelpack.PPOCRv6}},
				Classifier: &modelpack.Classifier{Model: modelpack.Model{File: "ch_ppocr_mobile_v2.0_cls_infer.onnx", Generation: modelpack.PPOCRv4}},
				Recognizer: modelpack.Recognizer{Model: modelpack.Model{File: "en_PP-OCRv4_rec.onnx", Generation: modelpack.PPOCRv4}, Dictionary: "en_dict.txt"},
			},
		},
		"no dictionary, nothing in the names": {
			[]string{"det.onnx", "rec.onnx"},
			modelpack.OCR{
				Detector:   modelpack.Detector{Model: modelpack.Model{File: "det.onnx", Generation: modelpack.PPOCRv5}},
				Recognizer: modelpack.Recognizer{Model: modelpack.Model{File: "rec.onnx", Generation: modelpack.PPOCRv5}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			for _, f := range c.files {
				files[f] = &fstest.MapFile{Data: []byte("x\n")}
			}
			p, err := modelpack.Open(files)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*p.OCR, c.want) {
				t.Errorf("got %+v, want %+v", *p.OCR, c.want)
			}
			for _, f := range p.Files {
				if _, err := p.ReadFile(f.Path); err != nil || f.Size != 2 {
					t.Errorf("%+v: %v", f, err)
				}
			}
			if err := p.Verify(t.Context()); err != nil {
				t.Errorf("got %v, want its files to be there", err)
			}
		})
	}
}

// A large dictionary is of PP-OCRv5 or later.
func TestOpenTellsTheGenerationByTheDictionary(t *testing.T) {
	for lines, want := range map[int]modelpack.Generation{6623: modelpack.PPOCRv4, 18383: modelpack.PPOCRv5} {
		p, err := modelpack.Open(fstest.MapFS{
			"det.onnx": {Data: []byte("x")}, "rec.onnx": {Data: []byte("x")}, "dict.txt": {Data: slices.Repeat([]byte("a\n"), lines)},
		})
		if err != nil || p.OCR.Recognizer.Generation != want {
			t.Errorf("%d lines: got %+v, %v; want %s", lines, p, err, want)
		}
	}
}

func TestOpenOfWhatIsNoPack(t *testing.T) {
	x := &fstest.MapFile{Data: []byte("x")}
	for name, files := range map[string]fstest.MapFS{
		"empty":                {},
		"no recogniser":        {"det.onnx": x},
		"two recognisers":      {"det.onnx": x, "en_rec.onnx": x, "ch_rec.onnx": x},
		"two dictionaries":     {"det.onnx": x, "rec.onnx": x, "keys.txt": x, "dict.txt": x},
		"far down":             {"a/b/c/det.onnx": x, "a/b/c/rec.onnx": x},
		"other models":         {"model.onnx": x, "tokenizer.json": x},
		"parts of other words": {"detox.onnx": x, "record.onnx": x},
	} {
		_, err := modelpack.Open(files)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelMissing {
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeModelMissing)
		}
	}
	_, err := modelpack.Open(fstest.MapFS{"det.onnx": {}, "rec.onnx": x})
	if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
		t.Errorf("an empty model: got %v, want %q", err, inkpool.CodeModelCorrupt)
	}
}
