package score_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/inkpool/inkpool/backend/score"
)

const samplesFolder = "../../samples"

// TestSamplesAndIndexAgree guards the samples as people and tests rely on them: every one is
// described, has its truth and is small.
func TestSamplesAndIndexAgree(t *testing.T) {
	pages, err := score.ReadSamples(samplesFolder)
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, p := range pages {
		described[p.File] = true
		if score.Normalize(p.Text, false) == "" {
			t.Errorf("%s: the truth is blank", p.File)
		}
		if !slices.Contains(p.Tags, "clean") && !slices.Contains(p.Tags, "degraded") {
			t.Errorf("%s: got tags %q, want clean or degraded among them", p.File, p.Tags)
		}
	}

	const limit = 2_500_000 // bytes; the samples are cloned and packaged with the program
	total := int64(0)
	for name, size := range visibleFiles(t, samplesFolder) {
		total += size
		if !described[name] {
			t.Errorf("%s: no entry in the index", name)
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s: in the index, but not there", name)
	}
	if total > limit {
		t.Errorf("got %d bytes of samples, want at most %d", total, limit)
	}
}

// visibleFiles returns the sizes in bytes of the files that reading dir as a folder finds.
func visibleFiles(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]int64{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		sizes[e.Name()] = info.Size()
	}
	return sizes
}

func TestSampleTextsAreTheirTruth(t *testing.T) {
	pages, err := score.ReadSamples(samplesFolder)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, p := range pages {
		if p.Set != score.SetTexts {
			continue
		}
		data, err := os.ReadFile(filepath.Join(samplesFolder, p.File))
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(p.Tags, "GB18030") {
			if data, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data); err != nil {
				t.Fatal(err)
			}
		}
		if string(data) != p.Text {
			t.Errorf("%s: got %q, want its truth %q", p.File, data, p.Text)
		}
		checked++
	}
	if checked < 4 {
		t.Errorf("got %d texts among the samples, want at least 4", checked)
	}
}
