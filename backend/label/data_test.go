package label_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/raster"
)

// mobileNet is a network of ImageNet that comes with a list of names and nothing else.
func mobileNet(t testing.TB) *label.Image {
	t.Helper()
	dir := filepath.Join(dataDir(t, "models"), "imagenet_mobilenetv2_int8")
	f, load := realModel(t, readFile(t, dir, "mobilenetv2_int8.onnx"))
	f.Labels = readFile(t, dir, "imagenet_classes.txt")
	l, err := label.NewImage(f, load)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// labelFile gives labels to a picture file, upright.
func labelFile(t testing.TB, l *label.Image, path string) []inkpool.Label {
	t.Helper()
	im, err := document.DecodeImage(readFile(t, path), document.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	labels, err := l.Label(t.Context(), page(), im)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

// TestImageNet compares with what the index of the pictures accepts among the first five, and
// where another program is sure with what that has from the same model.
func TestImageNet(t *testing.T) {
	dir := dataDir(t, "images_labelled")
	l := mobileNet(t)
	lines := bufio.NewScanner(bytes.NewReader(readFile(t, dir, "index.jsonl")))
	for lines.Scan() {
		var entry struct {
			Image  string
			Accept []string `json:"accept_top5"`
			Says   string   `json:"mobilenetv2_int8_says"` // "coffee mug .95"
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Accept == nil {
			continue
		}
		got := labelFile(t, l, filepath.Join(dir, entry.Image))
		if !slices.ContainsFunc(got, func(l inkpool.Label) bool { return slices.Contains(entry.Accept, l.Name) }) {
			t.Errorf("%s: got %v, want one of %q", entry.Image, got, entry.Accept)
		}
		if name, score := split(t, entry.Says); score > 0.5 && got[0].Name != name {
			t.Errorf("%s: got %v first, want %s", entry.Image, got[0], entry.Says)
		}
	}
}

// split takes "coffee mug .95" apart.
func split(t *testing.T, says string) (name string, score float64) {
	t.Helper()
	at := max(0, strings.LastIndex(says, " "))
	score, err := strconv.ParseFloat(says[at+1:], 64)
	if err != nil {
		t.Fatal(err)
	}
	return says[:at], score
}

// A photograph says the same however the camera was held.
func TestImageNetExif(t *testing.T) {
	dir := dataDir(t, "images_labelled")
	l := mobileNet(t)
	one, six := labelFile(t, l, filepath.Join(dir, "landscape_exif1.jpg")), labelFile(t, l, filepath.Join(dir, "landscape_exif6.jpg"))
	if one[0].Name != six[0].Name {
		t.Errorf("got %v and %v", one, six)
	}
}

// TestSpam is a model that takes the text itself and asks for a locale: it works with the one
// that every system has, and says what it lacks where the other is missing.
func TestSpam(t *testing.T) {
	dir := dataDir(t, "models")
	onnx := readFile(t, dir, "sms_spam_tfidf_lr", "lr-tfidf-baseline.onnx")
	f, load := realModel(t, onnx)
	if _, err := label.NewText(f, load); err != nil {
		wantCode(t, err, inkpool.CodeUnavailable)
	}
	plain, changed, err := graph.WithPlainLocale(onnx)
	if err != nil || !changed {
		t.Fatalf("got %v, %v; want another locale", changed, err)
	}
	f, load = realModel(t, plain)
	f.Labels = []byte("ham\nspam\n")
	l := mustText(t, f, load)

	right, all := 0, 0
	lines := bufio.NewScanner(bytes.NewReader(readFile(t, dataDir(t, "labelled"), "sms_spam.jsonl")))
	for lines.Scan() {
		var entry struct{ Text, Label string }
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		got, err := l.Label(t.Context(), page(), entry.Text)
		if err != nil {
			t.Fatal(err)
		}
		if all++; got[0].Name == entry.Label {
			right++
		}
	}
	t.Logf("%d of %d right", right, all)
	if 100*right < 85*all { // its index says 129 of 150 elsewhere
		t.Errorf("got %d of %d right", right, all)
	}
}

// What is no model for pictures or texts, though it can be loaded, is refused before that.
func TestOtherModels(t *testing.T) {
	dir := dataDir(t, "models")
	for file, says := range map[string]string{
		"mnist_lr_sklearn/skl_lr_mnist.onnx":         "one picture",
		"magika_standard_v3_3/model.onnx":            "no pictures",
		"tinybert_feature_extractor/tinybert.onnx":   "3 inputs",
		"toy_seq2seq_lstm/encoder.onnx":              "no pictures",
		"ppocr_v3_ch_det/ch_PP-OCRv3_det_infer.onnx": "nothing names",
		"mnist_cnn_pytorch/pytorch_cnn_mnist.onnx":   "nothing names",
		"external_data_pair/motor_model.onnx":        "one picture",
	} {
		f, load := realModel(t, readFile(t, dir, file))
		_, err := label.NewImage(f, load)
		wantCode(t, err, inkpool.CodeUnsupportedFormat)
		if e := inkpool.AsError(err); err != nil && !strings.Contains(e.Message, says) {
			t.Errorf("%s: got %q, want something of %q", file, e.Message, says)
		}
		if _, err := label.NewText(f, load); err == nil {
			t.Errorf("%s: got a labeler of texts", file)
		} else {
			t.Logf("%s: %v", file, inkpool.AsError(err).Message)
		}
	}
}

// Digits in grey, from a model whose last layer is a logarithm of probabilities.
func TestDigits(t *testing.T) {
	f, load := realModel(t, readFile(t, dataDir(t, "models"), "mnist_cnn_pytorch", "pytorch_cnn_mnist.onnx"))
	f.Labels = []byte("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n")
	l := mustImage(t, f, load)
	im := flat(28, 28, raster.RGB{})
	for y := 4; y < 24; y++ { // a white stroke is a one
		for x := 13; x < 16; x++ {
			im.Set(x, y, raster.RGB{255, 255, 255})
		}
	}
	got, err := l.Label(t.Context(), page(), im)
	if err != nil || got[0].Name != "1" || got[0].Score < 0.5 {
		t.Errorf("got %s, %v; want 1", show(got), err)
	}
}
