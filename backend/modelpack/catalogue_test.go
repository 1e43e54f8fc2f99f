package modelpack_test

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

const base = "https://www.modelscope.cn/models/RapidAI/RapidOCR/resolve/v3.9.2/onnx/"

// Each entry is what becomes a manifest once its files have been fetched.
func TestCatalogue(t *testing.T) {
	entries, err := modelpack.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if first := entries[0]; !first.Bundled || first.ID != "pp-ocrv4-mobile" {
		t.Errorf("got %+v first, want the bundled pack", first)
	}
	ids, urls, hashes := map[string]bool{}, map[string]string{}, map[string]string{}
	for _, e := range entries {
		if ids[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		ids[e.ID] = true
		if e.Repository != "" {
			checkRepository(t, e)
		}
		if e.Bundled || e.Repository != "" {
			continue
		}
		m := modelpack.Manifest{Format: modelpack.Format, About: e.About, OCR: &e.OCR}
		for _, f := range e.Files {
			m.Files = append(m.Files, modelpack.File{Path: f.Path, Size: 1, SHA256: f.SHA256})
			if u, err := url.Parse(f.URL); err != nil || !strings.HasPrefix(f.URL, base) || path.Base(u.Path) != f.Path || path.Clean(u.Path) != u.Path {
				t.Errorf("%s: %s is not where it should be", e.ID, f.URL)
			}
			if other, ok := urls[f.URL]; ok && other != f.SHA256 {
				t.Errorf("%s has two hashes", f.URL)
			}
			if other, ok := hashes[f.SHA256]; ok && other != f.URL {
				t.Errorf("%s and %s have the same hash", f.URL, other)
			}
			urls[f.URL], hashes[f.SHA256] = f.SHA256, f.URL
		}
		if _, err := modelpack.Parse(encode(t, m)); err != nil {
			t.Errorf("%s makes no manifest: %v", e.ID, err)
		}
		if (e.Quality == "") != (e.HintSource == "") || (e.Speed == "") != (e.HintSource == "") {
			t.Errorf("%s: who measured %q and %q?", e.ID, e.Quality, e.Speed)
		}
	}
	for _, id := range []string{"pp-ocrv6-small", "pp-ocrv6-tiny", "pp-ocrv5-mobile", "pp-ocrv5-mobile-arabic", "pp-ocrv5-mobile-korean", "opus-mt-en-zh", "opus-mt-zh-en"} {
		if !ids[id] {
			t.Errorf("%s is not there", id)
		}
	}
	if got, want := len(urls), 20; got != want { // det, cls and 12 rec of v5; det and rec of three v6
		t.Errorf("got %d files, want %d: one that no pack uses is of no use", got, want)
	}
}

// checkRepository looks at an entry whose files are known only when they are fetched.
func checkRepository(t *testing.T, e modelpack.Entry) {
	t.Helper()
	about := e.About
	if about.Version != "" || len(e.Files) > 0 || !strings.HasSuffix(about.Source, e.Repository) {
		t.Errorf("got %+v, want what is known before it is fetched only", e)
	}
	m := manifest()
	m["id"], m["languages"], m["licence"], m["source"] = about.ID, about.Languages, about.Licence, about.Source
	if _, err := modelpack.Parse(encode(t, m)); err != nil {
		t.Errorf("%s makes no manifest: %v", e.ID, err)
	}
	if about.Task == modelpack.TaskTranslate && len(e.From) == 0 && !slices.Equal(about.Languages, []string{"mul"}) {
		t.Errorf("%s: from which language?", e.ID)
	}
}

func TestNonCommercial(t *testing.T) {
	for licence, want := range map[string]bool{"CC-BY-NC-4.0": true, "cc-by-nc-sa-4.0": true, "Apache-2.0": false, "LicenseRef-once": false} {
		if got := modelpack.NonCommercial(licence); got != want {
			t.Errorf("%s: got %v, want %v", licence, got, want)
		}
	}
	if e, err := modelpack.Offered("Xenova/NLLB-200-distilled-600M"); err != nil || !modelpack.NonCommercial(e.Licence) {
		t.Errorf("got %+v, %v; want NLLB, which is not for every use", e, err)
	}
}

func TestOffered(t *testing.T) {
	e, err := modelpack.Offered("pp-ocrv5-mobile-arabic")
	if err != nil || !e.RightToLeft() || len(e.Files) != 3 {
		t.Errorf("got %+v, %v; want three models for Arabic", e, err)
	}
	if e, err := modelpack.Offered("pp-ocrv6-small"); err != nil || e.ApproximateMB < 30 || e.ApproximateMB > 32 {
		t.Errorf("got %g MB, %v; want the sum of its files", e.ApproximateMB, err)
	}
	if _, err := modelpack.Offered("pp-ocrv9"); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
		t.Errorf("got %v, want %q", err, inkpool.CodeModelMissing)
	}
}
