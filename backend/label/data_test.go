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
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
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
