package modelpack_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// add adds a source to a shelf and returns the pack.
func add(t *testing.T, s modelpack.Shelf, wish modelpack.Wish, paths ...string) *modelpack.Pack {
	t.Helper()
	added, err := s.Add(t.Context(), paths, wish, nil)
	if err != nil {
		t.Fatal(err)
	}
	return added.Pack
}

// named moves a folder to one that has that name.
func named(t *testing.T, dir, name string) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), name)
	if err := os.Rename(dir, target); err != nil {
		t.Fatal(err)
	}
	return target
}

// zipOf makes an archive of files.
func zipOf(t testing.TB, files fs.FS) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if err := errors.Join(w.AddFS(files), w.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// tree lists all files below a folder with their content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		found[strings.TrimPrefix(p, dir)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// A folder that Hugging Face would serve becomes a pack with the files that it needs.
func TestAddTranslators(t *testing.T) {
	tokens := map[string]string{"zh-Hans": ">>cmn_Hans<<", "zh-Hant": ">>cmn_Hant<<"}
	for name, c := range map[string]struct {
		dir  string
		wish modelpack.Wish
		want modelpack.Translation
	}{
		"quantised by itself": {packtest.Marian(t), modelpack.Wish{}, modelpack.Translation{
			Architecture: modelpack.Marian, Encoder: "onnx/encoder_model_quantized.onnx", Decoder: "onnx/decoder_model_merged_quantized.onnx",
			From: []string{"en"}, To: []string{"zh-Hans", "zh-Hant"}, Tokens: tokens,
		}},
		"full": {packtest.Marian(t), modelpack.Wish{Weights: modelpack.Full, To: []string{"zh-Hant"}}, modelpack.Translation{
			Architecture: modelpack.Marian, Encoder: "onnx/encoder_model.onnx", Decoder: "onnx/decoder_model_merged.onnx",
			From: []string{"en"}, To: []string{"zh-Hant"}, Tokens: map[string]string{"zh-Hant": ">>cmn_Hant<<"},
		}},
		"two decoders": {packtest.MarianSplit(t), modelpack.Wish{}, modelpack.Translation{
			Architecture: modelpack.Marian, Encoder: "onnx/encoder_model.onnx", Decoder: "onnx/decoder_model.onnx",
			DecoderWithPast: "onnx/decoder_with_past_model.onnx", From: []string{"en"}, To: []string{"zh-Hans", "zh-Hant"}, Tokens: tokens,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := modelpack.Shelf{Dir: filepath.Join(t.TempDir(), "packs")}
			before := tree(t, c.dir)
			p := add(t, s, c.wish, named(t, c.dir, "opus-mt-en-zh"))
			c.want.Config, c.want.Generation = "config.json", "generation_config.json"
			c.want.Source, c.want.Target, c.want.Vocabulary = "source.spm", "target.spm", "vocab.json"
			if !reflect.DeepEqual(*p.Translation, c.want) {
				t.Errorf("got %+v, want %+v", *p.Translation, c.want)
			}
			if p.ID != "opus-mt-en-zh" || p.Version != "1" || p.Task != modelpack.TaskTranslate || p.Languages[0] != "en" {
				t.Errorf("got %+v", p.About)
			}
			checkInstalled(t, s, p, before)
		})
	}
}

// checkInstalled looks at what lies on the disk: the files of the manifest, as they were, and
// nothing else; and whether the pack is found.
func checkInstalled(t *testing.T, s modelpack.Shelf, p *modelpack.Pack, source map[string]string) {
	t.Helper()
	if err := p.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	there := tree(t, p.Dir)
	delete(there, string(filepath.Separator)+modelpack.ManifestName)
	for _, f := range p.Files {
		name := string(filepath.Separator) + filepath.FromSlash(f.Path)
		if there[name] != source[name] {
			t.Errorf("%s is not what it was", f.Path)
		}
		delete(there, name)
		path, ok := p.Path(f.Path)
		if info, err := os.Stat(path); !ok || err != nil || info.Mode().Perm()&0o222 != 0 {
			t.Errorf("%s: got %v, %v; want a file that nobody may write", f.Path, info, err)
		}
	}
	if len(there) > 0 {
		t.Errorf("got %v beside the files of the manifest", slices.Collect(maps.Keys(there)))
	}
	found, err := s.Find(p.ID)
	if err != nil || !reflect.DeepEqual(found.Manifest, p.Manifest) {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir, ".staging")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("staging is not empty: %v", err)
	}
}

func TestAddManyToMany(t *testing.T) {
	p := add(t, modelpack.Shelf{Dir: t.TempDir()}, modelpack.Wish{}, packtest.NLLB(t))
	all := []string{"en", "bo", "zh-Hans", "zh-Hant"}
	tokens := map[string]string{"en": "eng_Latn", "bo": "bod_Tibt", "zh-Hans": "zho_Hans", "zh-Hant": "zho_Hant"}
	tr := p.Translation
	if tr.Architecture != modelpack.NLLB || tr.Tokenizer != "tokenizer.json" || !slices.Equal(tr.From, all) || !slices.Equal(tr.To, all) || !maps.Equal(tr.Tokens, tokens) {
		t.Errorf("got %+v", tr)
	}
}

func TestAddLabellers(t *testing.T) {
	for name, c := range map[string]struct {
		dir  string
		task modelpack.Task
		want modelpack.Labelling
		lang string
	}{
		"of texts":    {packtest.Sentiment(t), modelpack.TaskText, modelpack.Labelling{Model: "onnx/model_quantized.onnx", Config: "config.json", Tokenizer: "tokenizer.json"}, "und"},
		"of words":    {packtest.Entities(t), modelpack.TaskTokens, modelpack.Labelling{Model: "onnx/model_quantized.onnx", Config: "config.json", Tokenizer: "tokenizer.json"}, "und"},
		"of pictures": {packtest.Colours(t), modelpack.TaskImage, modelpack.Labelling{Model: "onnx/model.onnx", Config: "config.json", Preprocessor: "preprocessor_config.json"}, "zxx"},
	} {
		t.Run(name, func(t *testing.T) {
			s := modelpack.Shelf{Dir: t.TempDir()}
			p := add(t, s, modelpack.Wish{ID: "labels"}, c.dir)
			if p.Task != c.task || *p.Labelling != c.want || !slices.Equal(p.Languages, []string{c.lang}) {
				t.Errorf("got %+v, %+v; want %+v", p.About, *p.Labelling, c.want)
			}
			checkInstalled(t, s, p, tree(t, c.dir))
		})
	}
}

// A model with a list of labels beside it, in a folder with other things.
func TestAddOfOneModel(t *testing.T) {
	for name, c := range map[string]struct {
		model  model
		files  fstest.MapFS
		task   modelpack.Task
		labels string
	}{
		"pictures":           {model{}, fstest.MapFS{"labels.txt": {Data: []byte("a\nb\nc\n")}}, modelpack.TaskImage, "labels.txt"},
		"named after it":     {model{}, fstest.MapFS{"net.txt": {Data: []byte("a\nb\nc")}, "net_labels.txt": {Data: []byte("a\nb\nc")}}, modelpack.TaskImage, "net_labels.txt"},
		"a list in JSON":     {model{}, fstest.MapFS{"classes.json": {Data: []byte(`["a","b","c"]`)}}, modelpack.TaskImage, "classes.json"},
		"texts":              {model{in: []int64{-1, 1}, inType: strings8}, fstest.MapFS{"labels.txt": {Data: []byte("a\nb\nc")}}, modelpack.TaskText, "labels.txt"},
		"ids":                {model{in: []int64{-1, -1}, inType: int64s, inName: "input_ids"}, fstest.MapFS{"labels.txt": {Data: []byte("a\nb\nc")}, "tokenizer.json": {Data: []byte("{}")}}, modelpack.TaskText, "labels.txt"},
		"an open shape":      {model{in: []int64{-1, -1, -1, -1}, out: []int64{-1, -1}}, fstest.MapFS{"labels.txt": {Data: []byte("a")}}, modelpack.TaskImage, "labels.txt"},
		"one for background": {model{out: []int64{-1, 4}}, fstest.MapFS{"labels.txt": {Data: []byte("a\nb\nc")}}, modelpack.TaskImage, "labels.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.files["net.onnx"] = &fstest.MapFile{Data: c.model.bytes()}
			c.files["other.onnx"] = &fstest.MapFile{Data: []byte("another one")}
			write(t, dir, c.files)
			p := add(t, modelpack.Shelf{Dir: t.TempDir()}, modelpack.Wish{}, filepath.Join(dir, "net.onnx"))
			if p.ID != "net" || p.Task != c.task || p.Labelling.Labels != c.labels || p.Labelling.Model != "net.onnx" {
				t.Errorf("got %+v, %+v", p.About, p.Labelling)
			}
		})
	}
}

// Files that are given together are a pack together, wherever they lie.
func TestAddOfFiles(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	write(t, one, fstest.MapFS{"det.onnx": {Data: model{}.bytes()}})
	write(t, two, fstest.MapFS{"rec.onnx": {Data: model{}.bytes()}, "keys.txt": {Data: []byte("a\nb\n")}})
	paths := []string{filepath.Join(one, "det.onnx"), filepath.Join(two, "rec.onnx"), filepath.Join(two, "keys.txt")}
	if got := modelpack.Sources(append(paths, one)); len(got) != 2 || !slices.Equal(got[1], paths) {
		t.Errorf("got %q, want the files together, and the folder by itself", got)
	}
	p := add(t, modelpack.Shelf{Dir: t.TempDir()}, modelpack.Wish{ID: "ocr"}, paths...)
	if p.Task != modelpack.TaskOCR || len(p.Files) != 3 || p.OCR.Recognizer.Dictionary != "keys.txt" {
		t.Errorf("got %+v, %+v", p.About, p.OCR)
	}
}

// Archives may have the folder itself, its content, or what a system puts beside it.
func TestAddOfArchives(t *testing.T) {
	plain := os.DirFS(packtest.Sentiment(t))
	within := fstest.MapFS{}
	for name, data := range tree(t, packtest.Sentiment(t)) {
		within["my model"+filepath.ToSlash(name)] = &fstest.MapFile{Data: []byte(data)}
	}
	within["__MACOSX/x"] = &fstest.MapFile{Data: []byte("x")}
	for name, c := range map[string]struct {
		files fs.FS
		id    string
	}{"content": {plain, "pack"}, "folder": {within, "my-model"}} {
		t.Run(name, func(t *testing.T) {
			p := add(t, modelpack.Shelf{Dir: t.TempDir()}, modelpack.Wish{}, zipOf(t, c.files))
			if p.ID != c.id || p.Task != modelpack.TaskText || len(p.Files) != 4 {
				t.Errorf("got %+v with %v", p.About, p.Files)
			}
			if err := p.Verify(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A pack with a manifest is what that says, wherever it comes from.
func TestAddOfAPack(t *testing.T) {
	files := pack(t, func(m object) { m["version"] = "2.0.0" })
	for _, f := range files {
		if bytes.HasPrefix(f.Data, []byte("{")) {
			continue
		}
		f.Data = model{weights: len(f.Data)}.bytes()
	}
	files["keys.txt"].Data = []byte("a\nb\n")
	var list []any
	for _, name := range []string{"det.onnx", "cls.onnx", "rec.onnx", "keys.txt"} {
		list = append(list, object{"path": name, "size": len(files[name].Data), "sha256": sumOf(files[name].Data)})
	}
	m := manifest()
	m["files"], m["version"] = list, "2.0.0"
	files[modelpack.ManifestName].Data = encode(t, m)
	s := modelpack.Shelf{Dir: t.TempDir()}
	p := add(t, s, modelpack.Wish{}, zipOf(t, files))
	if p.ID != "test-pack" || p.Version != "2.0.0" || len(p.Files) != 4 {
		t.Errorf("got %+v", p.Manifest)
	}
	if p := add(t, s, modelpack.Wish{ID: "mine", Version: "3"}, zipOf(t, files)); p.ID != "mine" || p.Version != "3" {
		t.Errorf("got %+v, want the id and version that were asked for", p.About)
	}
	files["rec.onnx"].Data[10] ^= 1
	if _, err := s.Add(t.Context(), []string{zipOf(t, files)}, modelpack.Wish{Version: "4"}, nil); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
		t.Errorf("another content than the manifest says: got %v, want %q", err, inkpool.CodeModelCorrupt)
	}
}

func TestAddAgain(t *testing.T) {
	s := modelpack.Shelf{Bundled: bundled(t), Dir: t.TempDir()}
	dir := named(t, packtest.Sentiment(t), "feelings")
	first := add(t, s, modelpack.Wish{}, dir)
	again, err := s.Add(t.Context(), []string{dir}, modelpack.Wish{}, nil)
	if err != nil || !again.Already || !reflect.DeepEqual(again.Pack.Manifest, first.Manifest) {
		t.Errorf("the same content: got %+v, %v; want to hear that it is there", again, err)
	}
	other := named(t, packtest.Entities(t), "feelings")
	_, err = s.Add(t.Context(), []string{other}, modelpack.Wish{}, nil)
	var shown *inkpool.Error
	if !errors.As(err, &shown) || shown.Code != inkpool.CodeConflict || !strings.Contains(shown.Hint, "--id") {
		t.Errorf("another content: got %v, want %q and what to do", err, inkpool.CodeConflict)
	}
	if p := add(t, s, modelpack.Wish{Version: "2"}, other); p.Version != "2" {
		t.Errorf("got %+v, want it beside the other version", p.About)
	}
	if _, err := s.Add(t.Context(), []string{other}, modelpack.Wish{ID: "bundled"}, nil); inkpool.CodeOf(err) != inkpool.CodeConflict {
		t.Errorf("the id of the bundled pack: got %v, want %q", err, inkpool.CodeConflict)
	}

	// What the disk has damaged is put right.
	path, _ := first.Path("onnx/model_quantized.onnx")
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, make([]byte, first.Files[0].Size), 0o600)); err != nil {
		t.Fatal(err)
	}
	mended, err := s.Add(t.Context(), []string{dir}, modelpack.Wish{}, nil)
	if err != nil || mended.Already || mended.Pack.Verify(t.Context()) != nil {
		t.Errorf("a damaged one: got %+v, %v; want it mended", mended, err)
	}
}

func TestAddStops(t *testing.T) {
	s := modelpack.Shelf{Dir: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	var last, all int64
	_, err := s.Add(ctx, []string{packtest.Marian(t)}, modelpack.Wish{}, func(done, total int64) {
		if done < last {
			t.Errorf("got %d after %d", done, last)
		}
		last, all = done, total
		cancel()
	})
	if !errors.Is(err, context.Canceled) || all < last || last == 0 {
		t.Errorf("got %v after %d of %d bytes", err, last, all)
	}
	if left := tree(t, s.Dir); len(left) > 1 { // the lock
		t.Errorf("got %v left", slices.Collect(maps.Keys(left)))
	}
}

func TestCheckRoom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there")
	if err := modelpack.CheckRoom(t.Context(), dir, 1); err != nil {
		t.Errorf("a byte: got %v", err)
	}
	var shown *inkpool.Error
	if err := modelpack.CheckRoom(t.Context(), dir, 1<<60); !errors.As(err, &shown) || shown.Code != inkpool.CodeDiskFull || shown.Hint == "" {
		t.Errorf("an exabyte: got %v, want %q and what to do", err, inkpool.CodeDiskFull)
	}
}

func TestRemove(t *testing.T) {
	s := modelpack.Shelf{Bundled: bundled(t), Dir: t.TempDir()}
	dir := packtest.Sentiment(t)
	for _, v := range []string{"1", "2", "3"} {
		add(t, s, modelpack.Wish{ID: "feelings", Version: v}, dir)
	}
	kept := add(t, s, modelpack.Wish{ID: "other"}, dir)
	open, err := os.Open(filepath.Join(s.Dir, "feelings", "3", "onnx", "model_quantized.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if got, err := s.Remove(t.Context(), "feelings", "2"); err != nil || !slices.Equal(got, []string{"2"}) {
		t.Errorf("one version: got %q, %v", got, err)
	}
	if got, err := s.Remove(t.Context(), "feelings", ""); err != nil || !slices.Equal(got, []string{"3", "1"}) {
		t.Errorf("all versions: got %q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "feelings")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want its folder gone", err)
	}
	for _, id := range []string{"feelings", "gone", "..", "other/1"} {
		if _, err := s.Remove(t.Context(), id, ""); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
			t.Errorf("%q: got %v, want %q", id, err, inkpool.CodeModelMissing)
		}
	}
	if _, err := s.Remove(t.Context(), "other", ".."); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
		t.Errorf("a version that climbs: got %v, want %q", err, inkpool.CodeModelMissing)
	}
	if _, err := s.Remove(t.Context(), "bundled", ""); inkpool.CodeOf(err) != inkpool.CodeConflict {
		t.Errorf("the bundled one: got %v, want %q", err, inkpool.CodeConflict)
	}
	if err := kept.Verify(t.Context()); err != nil {
		t.Errorf("another pack: %v", err)
	}
}
