package app_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/hub/hubtest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// startHub starts a hub with a translator, as it is in the catalogue, and one that is not.
func startHub(t *testing.T) *hubtest.Hub {
	t.Helper()
	h := hubtest.New(t)
	h.PutFolder(t, "Xenova/opus-mt-en-zh", packtest.Marian(t))
	h.PutFolder(t, "someone/Feelings", packtest.Sentiment(t))
	h.PutFolder(t, "Xenova/nllb-200-distilled-600M", packtest.NLLB(t))
	h.Put("someone/speech", map[string][]byte{"config.json": []byte(`{"architectures":["WhisperForConditionalGeneration"],"model_type":"whisper"}`)})
	return h
}

func TestDownloadPack(t *testing.T) {
	h := startHub(t)
	s := settingsIn(t.TempDir())
	var last, all int64
	p, already, err := app.DownloadPack(t.Context(), s, app.Download{Name: "opus-mt-en-zh", Endpoint: h.URL}, func(done, total int64) {
		if done < last {
			t.Errorf("got %d bytes after %d", done, last)
		}
		last, all = done, total
	})
	if err != nil || already {
		t.Fatalf("got %+v, %v, %v", p, already, err)
	}
	if last != all || all == 0 || all != p.Bytes {
		t.Errorf("got %d of %d bytes at the end, want the %d of its files", last, all, p.Bytes)
	}
	want := "2024.10.08-" + hubtest.Commit[:12]
	if p.ID != "opus-mt-en-zh" || p.Version != want || p.Licence != "Apache-2.0" || !slices.Equal(p.To, []string{"zh-Hans", "zh-Hant"}) || !strings.HasSuffix(p.Source, hubtest.Commit) {
		t.Errorf("got %+v, want version %s", p, want)
	}
	for _, request := range h.Requests() {
		if strings.Contains(request, "encoder_model.onnx") {
			t.Errorf("%s was fetched, which the pack does not need", request)
		}
	}
	if hashed, err := app.VerifyPack(t.Context(), s, p.ID, ""); err != nil || !hashed {
		t.Errorf("got %v, %v; want it sound", hashed, err)
	}
	if left, err := os.ReadDir(filepath.Join(s.PacksPath(), ".downloads")); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v left of the download", left, err)
	}
	if _, already, err := app.DownloadPack(t.Context(), s, app.Download{Name: "Xenova/opus-mt-en-zh", Endpoint: h.URL}, nil); err != nil || !already {
		t.Errorf("again: got %v, %v; want to hear that it is there", already, err)
	}
}

func TestDownloadOfARepositoryThatIsNotInTheCatalogue(t *testing.T) {
	h := startHub(t)
	s := settingsIn(t.TempDir())
	p, _, err := app.DownloadPack(t.Context(), s, app.Download{Name: "someone/Feelings", Endpoint: h.URL, Wish: app.Wish{Weights: app.FullWeights}}, nil)
	if err != nil || p.ID != "feelings" || p.Task != "text-classification" || p.Licence != "Apache-2.0" {
		t.Errorf("got %+v, %v", p, err)
	}
	if at := slices.IndexFunc(p.Files, func(f app.PackFile) bool { return f.Path == "onnx/model.onnx" }); at < 0 {
		t.Errorf("got %+v, want the full weights", p.Files)
	}
}

func TestDownloadPackRefuses(t *testing.T) {
	h := startHub(t)
	s := settingsIn(t.TempDir())
	for name, c := range map[string]struct {
		download app.Download
		faults   hubtest.Faults
		want     inkpool.Code
	}{
		"a licence":      {app.Download{Name: "nllb-200-distilled-600m"}, hubtest.Faults{}, inkpool.CodePermission},
		"speech":         {app.Download{Name: "someone/speech"}, hubtest.Faults{}, inkpool.CodeUnsupportedFormat},
		"no such pack":   {app.Download{Name: "opus-mt-xx-yy"}, hubtest.Faults{}, inkpool.CodeNotFound},
		"no such folder": {app.Download{Name: "some/one"}, hubtest.Faults{}, inkpool.CodeNotFound},
		"bundled":        {app.Download{Name: "pp-ocrv4-mobile"}, hubtest.Faults{}, inkpool.CodeConflict},
		"another hash":   {app.Download{Name: "opus-mt-en-zh"}, hubtest.Faults{LinkedETag: strings.Repeat("a", 64)}, inkpool.CodeModelCorrupt},
		"another path":   {app.Download{Name: "opus-mt-en-zh"}, hubtest.Faults{Redirect: "http://169.254.169.254/"}, inkpool.CodePermission},
		"locked":         {app.Download{Name: "opus-mt-en-zh"}, hubtest.Faults{Status: http.StatusForbidden}, inkpool.CodePermission},
	} {
		h.Set(c.faults)
		c.download.Endpoint = h.URL
		p, _, err := app.DownloadPack(t.Context(), s, c.download, nil)
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != c.want {
			t.Errorf("%s: got %+v, %v; want %q", name, p, err, c.want)
		}
	}
	packs, err := app.Packs(s)
	if err != nil || slices.ContainsFunc(packs, func(p app.Pack) bool { return p.State == app.PackInstalled || p.State == app.PackDamaged }) {
		t.Errorf("got %+v, %v; want nothing installed", packs, err)
	}
	h.Set(hubtest.Faults{})
	nllb := app.Download{Name: "nllb-200-distilled-600m", Endpoint: h.URL, AcceptLicence: true}
	if p, _, err := app.DownloadPack(t.Context(), s, nllb, nil); err != nil || p.Licence != "CC-BY-NC-4.0" {
		t.Errorf("a licence that is accepted: got %+v, %v", p, err)
	}
}

// A download that is stopped goes on where it was; one that is not wanted any more is removed
// like a pack.
func TestDownloadGoesOn(t *testing.T) {
	h := startHub(t)
	s := settingsIn(t.TempDir())
	d := app.Download{Name: "opus-mt-en-zh", Endpoint: h.URL}
	stop := func() {
		h.Set(hubtest.Faults{CutAfter: 30_000})
		ctx, cancel := context.WithCancel(t.Context())
		_, _, err := app.DownloadPack(ctx, s, d, func(done, _ int64) {
			if done > 150_000 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want it stopped", err)
		}
		h.Set(hubtest.Faults{})
	}
	stop()
	before := h.Sent()
	p, _, err := app.DownloadPack(t.Context(), s, d, nil)
	if again := h.Sent() - before; err != nil || again > p.Bytes-120_000 {
		t.Errorf("got %v after %d of %d bytes, want what was missing fetched", err, again, p.Bytes)
	}
	if removed, err := app.RemovePack(t.Context(), s, p.ID, ""); err != nil || len(removed) != 1 {
		t.Errorf("got %v, %v", removed, err)
	}
	stop()
	if removed, err := app.RemovePack(t.Context(), s, p.ID, ""); err != nil || len(removed) != 0 {
		t.Errorf("a download that was stopped: got %v, %v", removed, err)
	}
	if _, err := app.RemovePack(t.Context(), s, p.ID, ""); inkpool.CodeOf(err) != inkpool.CodeModelMissing {
		t.Errorf("got %v, want %q", err, inkpool.CodeModelMissing)
	}
}
