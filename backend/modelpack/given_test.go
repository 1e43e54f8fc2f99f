package modelpack_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/modelpack"
)

func TestGiven(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for _, name := range []string{
		"hub/config.json", "hub/onnx/encoder_model.onnx", "hub/README.md",
		"torch/config.json", "torch/model.safetensors",
		"nested/inner/.hidden", "nested/inner/deeper/inkpool.json",
		"set/det.onnx", "set/rec.onnx",
		"pictures/a.png", "pictures/models/det.onnx", "site/config.json", "site/index.html", "empty/.keep",
		"model.onnx", "UPPER.ONNX", "labels.txt", "note.txt", "photo.jpg",
	} {
		if err := os.MkdirAll(filepath.Dir(at(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zipped := zipOf(t, fstest.MapFS{"pack/inkpool.json": {}, "pack/model.onnx": {}})
	document := zipOf(t, fstest.MapFS{"word/document.xml": {}, "[Content_Types].xml": {}})
	torn := at("torn.zip")
	sheet := at("torn.xlsx")
	for _, name := range []string{torn, sheet} {
		if err := os.WriteFile(name, []byte("PK\x03\x04 and no more"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		given []string
		packs [][]string
		rest  []string
	}{
		"folders of models":           {[]string{at("hub"), at("nested"), at("set")}, [][]string{{at("hub")}, {at("nested")}, {at("set")}}, nil},
		"one that cannot be run":      {[]string{at("torch")}, [][]string{{at("torch")}}, nil},
		"other folders":               {[]string{at("pictures"), at("site"), at("empty")}, nil, []string{at("pictures"), at("site"), at("empty")}},
		"archives":                    {[]string{zipped, document, torn, sheet}, [][]string{{zipped}, {torn}}, []string{document, sheet}},
		"a model":                     {[]string{at("UPPER.ONNX")}, [][]string{{at("UPPER.ONNX")}}, nil},
		"a model with its labels":     {[]string{at("labels.txt"), at("model.onnx")}, [][]string{{at("labels.txt"), at("model.onnx")}}, nil},
		"a text":                      {[]string{at("labels.txt")}, nil, []string{at("labels.txt")}},
		"everything":                  {[]string{at("photo.jpg"), at("model.onnx"), at("hub"), at("pictures")}, [][]string{{at("hub")}, {at("model.onnx")}}, []string{at("photo.jpg"), at("pictures")}},
		"what is not there":           {[]string{at("gone"), at("gone.onnx")}, nil, []string{at("gone"), at("gone.onnx")}},
		"a text beside a whole model": {[]string{at("hub"), at("note.txt")}, [][]string{{at("hub")}}, []string{at("note.txt")}},
	} {
		t.Run(name, func(t *testing.T) {
			packs, rest := modelpack.Given(c.given)
			if !reflect.DeepEqual(packs, c.packs) || !reflect.DeepEqual(rest, c.rest) {
				t.Errorf("got %s and %s, want %s and %s", short(packs, dir), rest, short(c.packs, dir), c.rest)
			}
		})
	}
}

func short(packs [][]string, dir string) string {
	var all []string
	for _, p := range packs {
		all = append(all, strings.ReplaceAll(strings.Join(p, " + "), dir, ""))
	}
	return strings.Join(all, ", ")
}
