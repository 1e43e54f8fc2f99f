package modelpack_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// object is a JSON object that tests change.
type object = map[string]any

// hash is a SHA-256 of nothing in particular.
const hash = "ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23"

// manifest is a whole one, of files of one byte.
func manifest() object {
	file := func(path string) any { return object{"path": path, "size": 1, "sha256": hash} }
	model := func(path string) object { return object{"file": path, "generation": "PP-OCRv5"} }
	recognizer := model("rec.onnx")
	recognizer["dictionary"] = "keys.txt"
	return object{
		"format": 1, "id": "test-pack", "name": "Test", "task": "ocr", "version": "1.0.0",
		"languages": []any{"en"}, "licence": "Apache-2.0", "source": "made here",
		"files": []any{file("det.onnx"), file("cls.onnx"), file("rec.onnx"), file("keys.txt")},
		"ocr":   object{"detector": model("det.onnx"), "classifier": model("cls.onnx"), "recognizer": recognizer},
	}
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// set returns the whole manifest with one value changed: at a path such as "ocr.detector.file",
// where numbers are places in arrays. nil removes it.
func set(path string, value any) object {
	m := manifest()
	var at any = m
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		if o, ok := at.(object); ok {
			at = o[key]
		} else {
			at = at.([]any)[key[0]-'0']
		}
	}
	o, last := at.(object), keys[len(keys)-1]
	if o[last] = value; value == nil {
		delete(o, last)
	}
	return m
}

// scaled is a manifest whose detector has means and deviations of its own.
func scaled(mean, std any) object {
	m := set("ocr.detector.mean", mean)
	m["ocr"].(object)["detector"].(object)["std"] = std
	return m
}

func TestParse(t *testing.T) {
	m := set("ocr.detector.max_side", 736)
	m["ocr"].(object)["classifier"].(object)["stretch"] = false
	got, err := modelpack.Parse(encode(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != "test-pack" || len(got.Files) != 4 || got.Files[3] != (modelpack.File{Path: "keys.txt", Size: 1, SHA256: hash}) {
		t.Errorf("got %+v", got)
	}
	d, c, r := got.OCR.Detector, got.OCR.Classifier, got.OCR.Recognizer
	if d.MaxSide == nil || *d.MaxSide != 736 || d.MinSide != nil || d.Generation != modelpack.PPOCRv5 {
		t.Errorf("got detector %+v, want a longest side of 736 and nothing else of its own", d)
	}
	if c.Stretch == nil || *c.Stretch || r.Dictionary != "keys.txt" {
		t.Errorf("got classifier %+v and recogniser %+v", c, r)
	}
	again, err := modelpack.Parse(encode(t, got))
	if err != nil || !reflect.DeepEqual(again, got) {
		t.Errorf("written and read again: got %+v, %v; want %+v", again, err, got)
	}
}

func TestParseTakesWhatMayBeLeftOut(t *testing.T) {
	for name, m := range map[string]object{
		"no classifier":              set("ocr.classifier", nil),
		"dictionary in the metadata": set("ocr.recognizer.dictionary", nil),
		"numbers of its own":         scaled([]any{0.5, 0.5, 0.5}, []any{0.5, 0.5, 0.5}),
		"an order of channels":       set("ocr.classifier.channels", "rgb"),
	} {
		if _, err := modelpack.Parse(encode(t, m)); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, m := range map[string]any{
		"null":                          nil,
		"a list":                        []any{},
		"nothing in it":                 object{},
		"no format":                     set("format", nil),
		"a format that is text":         set("format", "1"),
		"a field that nobody knows":     set("colour", "red"),
		"one further down":              set("ocr.detector.colour", "red"),
		"no id":                         set("id", nil),
		"an id with a separator":        set("id", "a/b"),
		"an id that climbs":             set("id", ".."),
		"an id in capitals":             set("id", "Pack"),
		"a long id":                     set("id", strings.Repeat("a", 65)),
		"a version with a separator":    set("version", "1/2"),
		"a version that climbs":         set("version", ".."),
		"no licence":                    set("licence", nil),
		"no languages":                  set("languages", []any{}),
		"another task":                  set("task", "cooking"),
		"a name that commands":          set("name", "\x1b[2Jmine"),
		"a source of two lines":         set("source", "a\nb"),
		"a language that commands":      set("languages", []any{"en\x07"}),
		"a path that commands":          set("files.0.path", "a\x1b.onnx"),
		"a long name":                   set("name", strings.Repeat("a", 1001)),
		"no files":                      set("files", []any{}),
		"an absolute path":              set("files.0.path", "/det.onnx"),
		"a path that climbs":            set("files.0.path", "../det.onnx"),
		"a path that climbs inside":     set("files.0.path", "a/../det.onnx"),
		"a path of Windows":             set("files.0.path", `a\det.onnx`),
		"a drive":                       set("files.0.path", "c:det.onnx"),
		"the folder itself":             set("files.0.path", "."),
		"the manifest as a file":        set("files.0.path", "inkpool.json"),
		"the same file twice":           set("files.0.path", "rec.onnx"),
		"an empty file":                 set("files.0.size", 0),
		"a negative size":               set("files.0.size", -1),
		"a size beyond everything":      set("files.0.size", int64(1)<<40),
		"no hash":                       set("files.0.sha256", nil),
		"a hash that is cut off":        set("files.0.sha256", hash[1:]),
		"a hash in capitals":            set("files.0.sha256", strings.ToUpper(hash)),
		"no models":                     set("ocr", nil),
		"a model that is not listed":    set("ocr.detector.file", "other.onnx"),
		"a model that is a text":        set("ocr.detector.file", "keys.txt"),
		"a dictionary that is not here": set("ocr.recognizer.dictionary", "other.txt"),
		"an unknown generation":         set("ocr.detector.generation", "PP-OCRv1"),
		"no generation":                 set("ocr.recognizer.generation", nil),
		"an unknown order of channels":  set("ocr.detector.channels", "cmyk"),
		"a deviation of 0":              scaled([]any{0.5, 0.5, 0.5}, []any{0.5, 0, 0.5}),
		"two means":                     scaled([]any{0.5, 0.5}, []any{0.5, 0.5}),
		"six means":                     scaled([]any{1, 2, 3, 4, 5, 6}, []any{1, 2, 3, 4, 5, 6}),
		"means without deviations":      scaled([]any{0.5, 0.5, 0.5}, nil),
		"a side of 0":                   set("ocr.detector.max_side", 0),
		"a side beyond everything":      set("ocr.detector.max_side", 1<<20),
		"a threshold above 1":           set("ocr.detector.threshold", 1.5),
		"a negative score":              set("ocr.recognizer.min_score", -0.1),
		"a side that shows no line":     set("ocr.detector.max_side", 100),
		"a width of 0":                  set("ocr.classifier.width", 0),
		"a stride of 0":                 set("ocr.recognizer.stride", 0),
		"a height of 1":                 set("ocr.recognizer.height", 1),
	} {
		got, err := modelpack.Parse(encode(t, m))
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeModelCorrupt || shown.Hint == "" {
			t.Errorf("%s: got %+v, %v; want %q and what to do", name, got, err, inkpool.CodeModelCorrupt)
		}
	}
	whole := string(encode(t, manifest()))
	for name, data := range map[string]string{
		"empty": "", "cut off": whole[:len(whole)-1], "more behind the end": whole + "{}", "a page": "<html>",
	} {
		if _, err := modelpack.Parse([]byte(data)); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeModelCorrupt)
		}
	}
}

// Whoever has an older program is told to update it, whatever else the manifest says.
func TestParseOfANewerFormat(t *testing.T) {
	m := set("format", 2)
	m["something"] = "new"
	_, err := modelpack.Parse(encode(t, m))
	var shown *inkpool.Error
	if !errors.As(err, &shown) || !strings.Contains(shown.Hint, "newer Inkpool") {
		t.Errorf("got %v, want to hear of a newer Inkpool", err)
	}
}

func TestRightToLeft(t *testing.T) {
	for tags, want := range map[string]bool{
		"ar en": true, "fa-IR": true, "UR": true, "en ar": false, "zh-Hans": false, "ku": false, "": false,
	} {
		if got := (modelpack.About{Languages: strings.Fields(tags)}).RightToLeft(); got != want {
			t.Errorf("%q: got %v, want %v", tags, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(encode(f, manifest()))
	f.Add(encode(f, translator()))
	f.Add(encode(f, labeller("image-classification")))
	f.Add([]byte(`{"format":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := modelpack.Parse(data)
		if err != nil {
			if inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
				t.Errorf("got %v, want %q", err, inkpool.CodeModelCorrupt)
			}
			return
		}
		if _, err := modelpack.Parse(encode(t, m)); err != nil {
			t.Errorf("written again, it is refused: %v", err)
		}
	})
}

// translator and labeller are whole manifests of packs that do something else than read.
func translator() object {
	m := manifest()
	delete(m, "ocr")
	m["task"], m["languages"] = "translation", []any{"en", "zh-Hans"}
	m["translation"] = object{
		"architecture": "marian", "encoder": "det.onnx", "decoder": "rec.onnx", "config": "keys.txt", "source": "keys.txt", "target": "keys.txt",
		"vocabulary": "keys.txt", "from": []any{"en"}, "to": []any{"zh-Hans"}, "tokens": object{"zh-Hans": ">>cmn_Hans<<"},
	}
	return m
}

func labeller(task string) object {
	m := manifest()
	delete(m, "ocr")
	m["task"], m["labelling"] = task, object{"model": "det.onnx", "labels": "keys.txt"}
	return m
}

// changed is a manifest with a value of one of its sections changed; nil removes it.
func changed(m object, section, key string, value any) object {
	if section != "" {
		changed(m[section].(object), "", key, value)
		return m
	}
	if m[key] = value; value == nil {
		delete(m, key)
	}
	return m
}

func TestParseOtherTasks(t *testing.T) {
	many := changed(changed(translator(), "translation", "architecture", "nllb"), "translation", "tokenizer", "keys.txt")
	for name, m := range map[string]object{
		"a translator":      translator(),
		"two decoders":      changed(translator(), "translation", "decoder_with_past", "cls.onnx"),
		"of many languages": changed(changed(changed(many, "translation", "source", nil), "translation", "target", nil), "translation", "vocabulary", nil),
		"no tokens":         changed(translator(), "translation", "tokens", nil),
		"of texts":          labeller("text-classification"),
		"of words":          labeller("token-classification"),
		"of pictures":       changed(labeller("image-classification"), "labelling", "preprocessor", "keys.txt"),
		"names in a config": changed(changed(labeller("text-classification"), "labelling", "labels", nil), "labelling", "config", "keys.txt"),
	} {
		got, err := modelpack.Parse(encode(t, m))
		if err != nil {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if again, err := modelpack.Parse(encode(t, got)); err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s, written and read again: got %+v, %v; want %+v", name, again, err, got)
		}
	}
}

func TestParseRefusesOtherTasks(t *testing.T) {
	large := labeller("text-classification")
	changed(large["files"].([]any)[3].(object), "", "size", 100<<20)
	for name, m := range map[string]object{
		"no section":                changed(translator(), "", "translation", nil),
		"the section of another":    changed(labeller("text-classification"), "", "translation", translator()["translation"]),
		"OCR beside it":             changed(translator(), "", "ocr", manifest()["ocr"]),
		"another architecture":      changed(translator(), "translation", "architecture", "t5"),
		"no encoder":                changed(translator(), "translation", "encoder", nil),
		"an encoder that is a text": changed(translator(), "translation", "encoder", "keys.txt"),
		"a decoder from elsewhere":  changed(translator(), "translation", "decoder", "../x.onnx"),
		"no vocabulary":             changed(translator(), "translation", "vocabulary", nil),
		"no tokenizer":              changed(translator(), "translation", "architecture", "m2m_100"),
		"a generation of nobody":    changed(translator(), "translation", "generation", "gone.json"),
		"from nowhere":              changed(translator(), "translation", "from", []any{}),
		"into no language":          changed(translator(), "translation", "to", []any{"Chinese"}),
		"a language twice":          changed(translator(), "translation", "to", []any{"de", "de"}),
		"a token for another":       changed(translator(), "translation", "tokens", object{"de": "x"}),
		"an empty token":            changed(translator(), "translation", "tokens", object{"en": ""}),
		"a token of two lines":      changed(translator(), "translation", "tokens", object{"en": "a\nb"}),
		"a field of nobody":         changed(translator(), "translation", "beam", 4),
		"no model":                  changed(labeller("text-classification"), "labelling", "model", nil),
		"no names":                  changed(labeller("text-classification"), "labelling", "labels", nil),
		"a tokenizer for pictures":  changed(labeller("image-classification"), "labelling", "tokenizer", "keys.txt"),
		"a size for texts":          changed(labeller("text-classification"), "labelling", "preprocessor", "keys.txt"),
		"labels of 100 MB":          large,
		"labels from elsewhere":     changed(labeller("text-classification"), "labelling", "labels", "/etc/passwd"),
	} {
		if got, err := modelpack.Parse(encode(t, m)); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %+v, %v; want %q", name, got, err, inkpool.CodeModelCorrupt)
		}
	}
}
