package engine_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// The tiny pack reads coloured bars: its recogniser gives every colour a character. What it
// must read in a picture of bars can be said beforehand. Where two colours meet, their mixture
// is nearer to both of them than to a third.

// colours are what the classes of the tiny recogniser stand for, in blue, green and red from -1
// to 1: the first, which is the blank, for paper, then red, green and blue.
func colours() [][3]float32 {
	return [][3]float32{{1, 1, 1}, {-1, -1, 1}, {-1, 1, -1}, {1, -1, -1}}
}

// onnx builds a ModelProto field by field.
type onnx []byte

func (b onnx) text(n protowire.Number, s string) onnx {
	return protowire.AppendString(protowire.AppendTag(b, n, protowire.BytesType), s)
}

func (b onnx) message(n protowire.Number, m onnx) onnx { return b.text(n, string(m)) }

func (b onnx) number(n protowire.Number, v int64) onnx {
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), uint64(v))
}

// ints is an AttributeProto.
func ints(name string, values ...int64) onnx {
	a := onnx(nil).text(1, name)
	for _, v := range values {
		a = a.number(8, v)
	}
	return a.number(20, 7)
}

// whole is an AttributeProto.
func whole(name string, v int64) onnx { return onnx(nil).text(1, name).number(3, v).number(20, 2) }

// op is a NodeProto.
func op(kind string, inputs []string, output string, attributes ...onnx) onnx {
	var n onnx
	for _, in := range inputs {
		n = n.text(1, in)
	}
	n = n.text(2, output).text(4, kind)
	for _, a := range attributes {
		n = n.message(5, a)
	}
	return n
}

// weights is a TensorProto.
func weights(name string, data []float32, dims ...int64) onnx {
	var t onnx
	for _, d := range dims {
		t = t.number(1, d)
	}
	var floats []byte
	for _, v := range data {
		floats = protowire.AppendFixed32(floats, math.Float32bits(v))
	}
	return t.number(2, 1).message(4, floats).text(8, name)
}

// value is a ValueInfoProto of float32; sizes below 1 are left open.
func value(name string, dims ...int64) onnx {
	var shape onnx
	for _, d := range dims {
		var dim onnx
		if d > 0 {
			dim = dim.number(1, d)
		}
		shape = shape.message(1, dim)
	}
	return onnx(nil).text(1, name).message(2, onnx(nil).message(1, onnx(nil).number(1, 1).message(2, shape)))
}

// model is a ModelProto of an input x.
func model(in, out onnx, tensors, nodes []onnx) onnx {
	var g onnx
	for _, n := range nodes {
		g = g.message(1, n)
	}
	g = g.text(2, "tiny")
	for _, t := range tensors {
		g = g.message(5, t)
	}
	g = g.message(11, in).message(12, out)
	return onnx(nil).number(1, 8).message(7, g).message(8, onnx(nil).text(1, "").number(2, 13))
}

// tinyDetector sees text wherever there is no paper.
func tinyDetector() onnx {
	return model(value("picture", 0, 3, 0, 0), value("seen", 0, 1, 0, 0),
		[]onnx{weights("w", []float32{-20, -20, -20}, 1, 3, 1, 1), weights("b", []float32{30}, 1)},
		[]onnx{op("Conv", []string{"picture", "w", "b"}, "logits"), op("Sigmoid", []string{"logits"}, "seen")})
}

// tinyClassifier calls every line upright. Sizes of 0 are left open.
func tinyClassifier(h, w int64) onnx {
	return model(value("x", 0, 3, h, w), value("y", 0, 2),
		[]onnx{weights("w", make([]float32, 6), 2, 3, 1, 1), weights("b", []float32{5, 0}, 2)},
		[]onnx{
			op("GlobalAveragePool", []string{"x"}, "mean"), op("Conv", []string{"mean", "w", "b"}, "logits"),
			op("Flatten", []string{"logits"}, "flat", whole("axis", 1)), op("Softmax", []string{"flat"}, "y", whole("axis", 1)),
		})
}

// tinyRecognizer gives every 8 columns the class whose colour is nearest to that of the middle
// rows; the last class is the space, which it never sees. classes below 1 leave their number
// open in the graph.
func tinyRecognizer(classes int64) onnx {
	const sharpness, pixels = 20, 8 * 8
	n := int64(len(colours()) + 1)
	w, b := make([]float32, n*3*48*8), make([]float32, n)
	for c, colour := range colours() {
		for channel, v := range colour {
			plane := w[(c*3+channel)*48*8:]
			for i := 20 * 8; i < 28*8; i++ {
				plane[i] = sharpness * 2 * v / pixels
			}
		}
		b[c] = -sharpness * 3 // of the square of the distance
	}
	b[n-1] = -1000
	axes := onnx(nil).number(1, 1).number(2, 7).number(7, 0).text(8, "axes") // a TensorProto of one int64, 0
	out := value("text", 0, 0, classes)
	return model(value("line", 0, 3, 48, 0), out,
		[]onnx{weights("w", w, n, 3, 48, 8), weights("b", b, n), axes},
		[]onnx{
			op("Conv", []string{"line", "w", "b"}, "logits", ints("strides", 48, 8)),
			op("Transpose", []string{"logits"}, "steps", ints("perm", 0, 2, 3, 1)), // [1, 1, steps, classes]
			op("Softmax", []string{"steps"}, "sure", whole("axis", 3)),
			op("Flatten", []string{"sure"}, "flat", whole("axis", 3)), // [steps, classes]
			op("Unsqueeze", []string{"flat", "axes"}, "text"),
		})
}

// bars is a PNG with a line of bars: r, g and b are red, green and blue ones.
func bars(t *testing.T, line string) []byte {
	t.Helper()
	ink := map[rune]color.RGBA{'r': {R: 255, A: 255}, 'g': {G: 255, A: 255}, 'b': {B: 255, A: 255}}
	im := image.NewRGBA(image.Rect(0, 0, 400, 200))
	draw.Draw(im, im.Bounds(), image.White, image.Point{}, draw.Src)
	for i, c := range line {
		bar := image.Rect(60+60*i, 80, 120+60*i, 120)
		draw.Draw(im, bar, image.NewUniform(ink[c]), image.Point{}, draw.Src)
	}
	return encoded(t, im)
}

// tinyManifest is for tinyFiles; change may alter it.
func tinyManifest(files map[string][]byte, change func(m map[string]any)) []byte {
	var list []any
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256(files[name])
		list = append(list, map[string]any{"path": name, "size": len(files[name]), "sha256": hex.EncodeToString(sum[:])})
	}
	model := func(file string) map[string]any { return map[string]any{"file": file, "generation": "PP-OCRv5"} }
	recognizer := model("rec.onnx")
	if _, ok := files["keys.txt"]; ok {
		recognizer["dictionary"] = "keys.txt"
	}
	m := map[string]any{
		"format": 1, "id": "tiny", "name": "Tiny", "task": "ocr", "version": "1", "languages": []string{"en"},
		"licence": "Apache-2.0", "source": "made here", "files": list,
		"ocr": map[string]any{"detector": model("det.onnx"), "recognizer": recognizer},
	}
	if _, ok := files["cls.onnx"]; ok {
		m["ocr"].(map[string]any)["classifier"] = model("cls.onnx")
	}
	if change != nil {
		change(m)
	}
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return data
}

// tinyFiles are the files of a pack that reads red, green and blue as a, b and c.
func tinyFiles() map[string][]byte {
	return map[string][]byte{
		"det.onnx": tinyDetector(), "rec.onnx": tinyRecognizer(5), "keys.txt": []byte("a\nb\nc\n"),
	}
}

// install puts a pack where an engine looks for it; nil as manifest: it has none.
func install(t *testing.T, dir, id string, files map[string][]byte, manifest []byte) {
	t.Helper()
	folder := filepath.Join(dir, id, "1")
	files = maps.Clone(files)
	if manifest != nil {
		files["inkpool.json"] = bytes.ReplaceAll(manifest, []byte(`"id":"tiny"`), []byte(`"id":"`+id+`"`))
	}
	err := os.MkdirAll(folder, 0o700)
	for name, data := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, name), data, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// with is a task that is read with a pack.
func with(task inkpool.Task, pack string) inkpool.Task {
	task.Reading.Pack = pack
	return task
}
