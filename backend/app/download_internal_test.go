package app

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/hub"
	"github.com/inkpool/inkpool/backend/hub/hubtest"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// A pack whose files have addresses and hashes of their own, as those of PP-OCR in the catalogue.
func TestDownloadOfPlainFiles(t *testing.T) {
	model, err := os.ReadFile(filepath.Join(packtest.Colours(t), "onnx", "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	h := hubtest.New(t)
	h.Put("some/where", map[string][]byte{"det.onnx": model, "rec.onnx": model})
	sum := sha256.Sum256(model)
	entry, err := modelpack.Offered("pp-ocrv6-small")
	if err != nil {
		t.Fatal(err)
	}
	entry.Files = nil
	for _, name := range []string{"det.onnx", "rec.onnx"} {
		entry.Files = append(entry.Files, modelpack.Download{Path: name, URL: h.URL + "/cdn/some/where/" + name, SHA256: hex.EncodeToString(sum[:])})
	}
	entry.OCR.Detector.File, entry.OCR.Recognizer.File, entry.OCR.Classifier = "det.onnx", "rec.onnx", nil
	client, err := hub.New(hub.Options{Endpoint: h.URL})
	if err != nil {
		t.Fatal(err)
	}
	shelf := modelpack.Shelf{Dir: t.TempDir()}
	f := fetching{client: client, entry: entry, shelf: shelf, dir: filepath.Join(shelf.Dir, downloadsName, entry.ID)}
	p, already, err := f.files(t.Context())
	if err != nil || already || p.ID != "pp-ocrv6-small" || p.Version != "3.9.2" || p.State != PackInstalled {
		t.Fatalf("got %+v, %v, %v", p, already, err)
	}
	if there, err := shelf.Find(p.ID); err != nil || there.Verify(t.Context()) != nil || len(there.Languages) != len(entry.Languages) {
		t.Errorf("got %+v, %v", there, err)
	}
}
