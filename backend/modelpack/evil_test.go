package modelpack_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// checkRefused adds a source that must be refused: with that code and words, a hint, and nothing
// left of it, neither on the shelf nor anywhere beside it.
func checkRefused(t *testing.T, want inkpool.Code, words string, paths ...string) {
	t.Helper()
	top := t.TempDir()
	s := modelpack.Shelf{Dir: filepath.Join(top, "home", "packs")}
	added, err := s.Add(t.Context(), paths, modelpack.Wish{ID: "evil"}, nil)
	var shown *inkpool.Error
	if !errors.As(err, &shown) || shown.Code != want || !strings.Contains(shown.Message, words) || shown.Hint == "" {
		t.Errorf("got %+v, %v; want %q with %q and what to do", added.Pack, err, want, words)
	}
	for name := range tree(t, top) {
		if !strings.HasSuffix(name, ".lock") {
			t.Errorf("got %s left", name)
		}
	}
}

// picture is a folder with a model for pictures and its labels.
func picture(m model) fstest.MapFS {
	return fstest.MapFS{"net.onnx": {Data: m.bytes()}, "labels.txt": {Data: []byte("a\nb\nc\n")}}
}

// in writes files to a new folder.
func in(t *testing.T, files fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, files)
	return dir
}

// Models that the runtime must not see, or cannot run.
func TestAddRefusesModels(t *testing.T) {
	whole := model{weights: 1000}.bytes()
	flipped := bytes.Clone(whole)
	for i := range flipped[:40] {
		flipped[i] ^= 0xff
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  inkpool.Code
		words string
	}{
		"weights above":           {picture(model{location: "../secret.bin"}), inkpool.CodeInvalid, "outside"},
		"weights further above":   {picture(model{location: "x/../../secret.bin"}), inkpool.CodeInvalid, "outside"},
		"weights anywhere":        {picture(model{location: "/etc/passwd"}), inkpool.CodeInvalid, "outside"},
		"weights on a drive":      {picture(model{location: `c:\secret.bin`}), inkpool.CodeInvalid, "outside"},
		"weights nowhere":         {picture(model{location: "gone.bin", length: 16}), inkpool.CodeModelCorrupt, "not here"},
		"weights in the manifest": {picture(model{location: "inkpool.json"}), inkpool.CodeInvalid, "outside"},
		"weights cut off": {fstest.MapFS{"net.onnx": {Data: model{location: "w.bin", offset: 100, length: 16}.bytes()}, "labels.txt": {Data: []byte("a\nb\nc")},
			"w.bin": {Data: make([]byte, 100)}}, inkpool.CodeModelCorrupt, "needs 116"},
		"operators of a library":  {picture(model{domain: "ai.onnx.contrib"}), inkpool.CodeUnsupportedFormat, "ai.onnx.contrib"},
		"operators of nobody":     {picture(model{domain: "evil"}), inkpool.CodeUnsupportedFormat, `"evil"`},
		"operators of tomorrow":   {picture(model{opset: 99}), inkpool.CodeUnsupportedFormat, "version 99"},
		"others of tomorrow":      {picture(model{imports: map[string]int64{"ai.onnx.ml": 99}}), inkpool.CodeUnsupportedFormat, "version 99"},
		"half precision":          {picture(model{inType: float16s}), inkpool.CodeUnsupportedFormat, "half precision"},
		"cut off":                 {fstest.MapFS{"net.onnx": {Data: whole[:60]}, "labels.txt": {Data: []byte("a")}}, inkpool.CodeModelCorrupt, "not complete"},
		"garbage":                 {fstest.MapFS{"net.onnx": {Data: bytes.Repeat([]byte{0xfe, 1, 0x9c}, 1000)}}, inkpool.CodeModelCorrupt, "no ONNX model"},
		"flipped":                 {fstest.MapFS{"net.onnx": {Data: flipped}}, inkpool.CodeModelCorrupt, "no ONNX model"},
		"empty":                   {fstest.MapFS{"net.onnx": {}}, inkpool.CodeModelCorrupt, "empty"},
		"a pointer":               {fstest.MapFS{"net.onnx": {Data: []byte("version https://git-lfs.github.com/spec/v1\noid sha256:")}}, inkpool.CodeModelCorrupt, "Git LFS"},
		"a page":                  {fstest.MapFS{"net.onnx": {Data: []byte("\n<!DOCTYPE HTML><html>")}}, inkpool.CodeModelCorrupt, "web page"},
		"a picture":               {fstest.MapFS{"net.onnx": {Data: []byte("\x89PNG\r\n\x1a\n")}}, inkpool.CodeModelCorrupt, "picture"},
		"an archive":              {fstest.MapFS{"net.onnx": {Data: []byte("PK\x03\x04")}, "other.txt": {Data: []byte("x")}}, inkpool.CodeModelCorrupt, "archive"},
		"the runtime's own":       {fstest.MapFS{"net.onnx": {Data: []byte("\x1c\x00\x00\x00ORTM\x00\x00\x00\x00")}}, inkpool.CodeUnsupportedFormat, "own form"},
		"labels of another":       {fstest.MapFS{"net.onnx": {Data: model{}.bytes()}, "labels.txt": {Data: []byte("a\nb\nc\nd\ne")}}, inkpool.CodeUnsupportedFormat, "has names for 5"},
		"labels that are a page":  {fstest.MapFS{"net.onnx": {Data: model{out: []int64{-1, 2}}.bytes()}, "labels.txt": {Data: []byte("<html>\n</html>")}}, inkpool.CodeModelCorrupt, "web page"},
		"no labels":               {fstest.MapFS{"net.onnx": {Data: model{}.bytes()}}, inkpool.CodeUnsupportedFormat, "labels"},
		"labels that are nothing": {fstest.MapFS{"net.onnx": {Data: model{}.bytes()}, "labels.txt": {Data: []byte("\n")}}, inkpool.CodeModelCorrupt, "no names"},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, t.TempDir(), c.files)
			checkRefused(t, c.want, c.words, in(t, c.files))
		})
	}
}

// Weights may lie in a file of the pack, and functions may be the model's own.
func TestAddTakesModels(t *testing.T) {
	for name, c := range map[string]struct {
		model model
		more  string
	}{
		"weights beside":      {model{location: "net.onnx_data", length: 16}, "net.onnx_data"},
		"weights by any name": {model{location: "weights", offset: 4, length: 12}, "weights"},
		"its own function":    {model{domain: "pkg.onnxscript", functions: [][2]string{{"pkg.onnxscript", "Op"}}}, ""},
		"Microsoft's":         {model{domain: "com.microsoft", imports: map[string]int64{"com.microsoft": 1}}, ""},
		"sets for nothing":    {model{imports: map[string]int64{"ai.onnx.training": 1, "com.microsoft.nchwc": 1}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := picture(c.model)
			if c.more != "" {
				files[c.more] = &fstest.MapFile{Data: make([]byte, 16)}
			}
			p := add(t, modelpack.Shelf{Dir: t.TempDir()}, modelpack.Wish{ID: "net"}, in(t, files))
			if listed := slices.ContainsFunc(p.Files, func(f modelpack.File) bool { return f.Path == c.more }); listed != (c.more != "") {
				t.Errorf("got %v, want %q among them: %v", p.Files, c.more, c.more != "")
			}
		})
	}
}

// entry is one of an archive.
type entry struct {
	name string
	mode fs.FileMode
	data []byte
}

// archiveOf makes an archive of entries as they are.
func archiveOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode | 0o600)
		f, err := w.CreateHeader(h)
		if err == nil {
			_, err = f.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Archives that lead elsewhere, lie, or grow.
func TestAddRefusesArchives(t *testing.T) {
	good := []entry{{"net.onnx", 0, model{}.bytes()}, {"labels.txt", 0, []byte("a\nb\nc\n")}}
	with := func(more ...entry) []byte { return archiveOf(t, append(more, good...)...) }
	whole := with()
	wrong := bytes.Clone(whole)
	wrong[bytes.Index(wrong, []byte("net.onnx"))+40] ^= 0xff
	many := bytes.Clone(whole)
	binary.LittleEndian.PutUint16(many[len(many)-22+10:], 20_000)
	locked := bytes.Clone(whole)
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	lying := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(lying[bytes.Index(lying, []byte("PK\x01\x02"))+24:], 10)
	for name, c := range map[string]struct {
		data  []byte
		want  inkpool.Code
		words string
	}{
		"above":            {with(entry{"../../evil.txt", 0, []byte("x")}), inkpool.CodeInvalid, "leads out"},
		"above, within":    {with(entry{"a/../../evil.txt", 0, []byte("x")}), inkpool.CodeInvalid, "leads out"},
		"absolute":         {with(entry{"/tmp/evil.txt", 0, []byte("x")}), inkpool.CodeInvalid, "leads out"},
		"of Windows":       {with(entry{`..\evil.txt`, 0, []byte("x")}), inkpool.CodeInvalid, "leads out"},
		"a drive":          {with(entry{"C:/evil.txt", 0, []byte("x")}), inkpool.CodeInvalid, "leads out"},
		"a link":           {with(entry{"onnx/model.onnx", fs.ModeSymlink, []byte("/etc/passwd")}), inkpool.CodeInvalid, "link"},
		"a device":         {with(entry{"x", fs.ModeDevice, nil}), inkpool.CodeInvalid, "link or a device"},
		"twice":            {with(entry{"net.onnx", 0, []byte("x")}), inkpool.CodeInvalid, "two files"},
		"twice but case":   {with(entry{"NET.onnx", 0, []byte("x")}), inkpool.CodeInvalid, "two files"},
		"a file as folder": {with(entry{"labels.txt/x", 0, []byte("x")}), inkpool.CodeInvalid, "two files or folders"},
		"growing":          {with(entry{"zeros.bin", 0, make([]byte, 4<<20)}), inkpool.CodeTooLarge, "times larger"},
		"not UTF-8":        {with(entry{"\xff\xa3.txt", 0, []byte("x")}), inkpool.CodeInvalid, "UTF-8"},
		"many":             {many, inkpool.CodeTooLarge, "more than 10000"},
		"locked":           {locked, inkpool.CodeEncrypted, "password"},
		"lying of sizes":   {lying, inkpool.CodeModelCorrupt, ""},
		"other bytes":      {wrong, inkpool.CodeModelCorrupt, ""},
		"cut off":          {whole[:len(whole)-30], inkpool.CodeModelCorrupt, "damaged"},
		"only its mark":    {[]byte("PK\x03\x04"), inkpool.CodeModelCorrupt, "damaged"},
		"empty":            {archiveOf(t), inkpool.CodeUnsupportedFormat, "no model"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "evil.zip")
			if err := os.WriteFile(path, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			checkRefused(t, c.want, c.words, path)
		})
	}
}

// What there is instead of a model that Inkpool runs, each by its name.
func TestAddSaysWhatItIsInstead(t *testing.T) {
	x := &fstest.MapFile{Data: []byte("x")}
	config := func(text string, more ...string) fstest.MapFS {
		files := fstest.MapFS{"config.json": {Data: []byte(text)}}
		for _, name := range more {
			files[name] = x
		}
		return files
	}
	const bert = `{"architectures":["BertForSequenceClassification"],"id2label":{"0":"a"}}`
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  inkpool.Code
		words string
	}{
		"speech":             {config(`{"architectures":["Wav2Vec2ForCTC"]}`, "onnx/model.onnx"), inkpool.CodeUnsupportedFormat, "a speech model (Wav2Vec2ForCTC)"},
		"texts":              {config(`{"architectures":["GPT2LMHeadModel"]}`), inkpool.CodeUnsupportedFormat, "writes texts"},
		"rewrites":           {config(`{"architectures":["T5ForConditionalGeneration"],"model_type":"t5"}`), inkpool.CodeUnsupportedFormat, "rewrites"},
		"finds things":       {config(`{"architectures":["DetrForObjectDetection"]}`), inkpool.CodeUnsupportedFormat, "finds things"},
		"embeddings":         {config(`{"architectures":["BertModel"],"model_type":"bert"}`), inkpool.CodeUnsupportedFormat, "another task (BertModel)"},
		"PyTorch":            {config(bert, "model.safetensors", "tokenizer.json"), inkpool.CodeUnsupportedFormat, ".safetensors"},
		"TensorFlow":         {fstest.MapFS{"saved_model.pb": x}, inkpool.CodeUnsupportedFormat, "TensorFlow"},
		"Paddle":             {fstest.MapFS{"det/inference.pdmodel": x, "det/inference.pdiparams": x}, inkpool.CodeUnsupportedFormat, "Paddle"},
		"the runtime's own":  {fstest.MapFS{"model.ort": x}, inkpool.CodeUnsupportedFormat, "own form"},
		"another archive":    {fstest.MapFS{"opus-mt.tar.gz": x}, inkpool.CodeUnsupportedFormat, "archive that is no zip"},
		"nothing":            {fstest.MapFS{"notes.md": x}, inkpool.CodeUnsupportedFormat, "no model"},
		"half precision":     {config(bert, "onnx/model_fp16.onnx", "tokenizer.json"), inkpool.CodeUnsupportedFormat, "half precision"},
		"no tokenizer":       {config(bert, "onnx/model.onnx", "vocab.txt"), inkpool.CodeUnsupportedFormat, "tokenizer.json"},
		"no labels":          {config(`{"architectures":["BertForSequenceClassification"]}`, "onnx/model.onnx"), inkpool.CodeUnsupportedFormat, "labels"},
		"no decoder":         {config(`{"model_type":"marian"}`, "onnx/encoder_model.onnx", "source.spm"), inkpool.CodeUnsupportedFormat, "decoder_model_merged"},
		"a decoder alone":    {config(`{"model_type":"marian"}`, "onnx/encoder_model.onnx", "onnx/decoder_model.onnx"), inkpool.CodeUnsupportedFormat, "not complete"},
		"no source.spm":      {config(`{"model_type":"marian"}`, "onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx", "tokenizer.json"), inkpool.CodeUnsupportedFormat, "source.spm"},
		"a detector alone":   {fstest.MapFS{"ch_PP-OCRv5_det.onnx": x}, inkpool.CodeUnsupportedFormat, "no whole set"},
		"two models":         {fstest.MapFS{"encoder.onnx": x, "decoder.onnx": x}, inkpool.CodeUnsupportedFormat, "2 models"},
		"a page as config":   {config("<!doctype html>", "onnx/model.onnx"), inkpool.CodeModelCorrupt, "web page"},
		"a pointer":          {config("version https://git-lfs.github.com/spec/v1\n", "onnx/model.onnx"), inkpool.CodeModelCorrupt, "Git LFS"},
		"no JSON":            {config("{", "onnx/model.onnx"), inkpool.CodeModelCorrupt, "not JSON"},
		"another config":     {config(`{"beg_size":1024}`), inkpool.CodeUnsupportedFormat, "no model"},
		"numbers":            {fstest.MapFS{"m.onnx": {Data: model{in: []int64{-1, 784}}.bytes()}}, inkpool.CodeUnsupportedFormat, "neither pictures nor texts"},
		"ids, no tokenizer":  {fstest.MapFS{"m.onnx": {Data: model{in: []int64{-1, -1}, inType: int64s, inName: "input_ids"}.bytes()}}, inkpool.CodeUnsupportedFormat, "no tokenizer.json"},
		"numbers about text": {fstest.MapFS{"m.onnx": {Data: model{in: []int64{-1, -1}, out: []int64{-1, -1, -1}, inType: int64s, inName: "input_ids"}.bytes()}, "tokenizer.json": x}, inkpool.CodeUnsupportedFormat, "not labels"},
	} {
		t.Run(name, func(t *testing.T) { checkRefused(t, c.want, c.words, in(t, c.files)) })
	}
}

// A translator that does not say what it translates has to be told.
func TestAddOfATranslatorWithoutLanguages(t *testing.T) {
	dir := packtest.Marian(t)
	for _, name := range []string{"tokenizer_config.json", "config.json"} {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"source_lang", "target_lang", "_name_or_path"} {
			data = bytes.ReplaceAll(data, []byte(key), []byte("x"))
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := modelpack.Shelf{Dir: t.TempDir()}
	_, err := s.Add(t.Context(), []string{dir}, modelpack.Wish{ID: "mt"}, nil)
	var shown *inkpool.Error
	if !errors.As(err, &shown) || shown.Code != inkpool.CodeInvalid || !strings.Contains(shown.Hint, "--from") {
		t.Errorf("got %v, want %q and what to say", err, inkpool.CodeInvalid)
	}
	if p := add(t, s, modelpack.Wish{ID: "mt", From: []string{"en"}}, dir); !slices.Equal(p.Translation.To, []string{"zh-Hans", "zh-Hant"}) {
		t.Errorf("got %+v, want the languages of its tokens", p.Translation)
	}
}
