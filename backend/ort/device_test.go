package ort_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ort"
)

// loadWith loads the model with more options than its names.
func (m model) loadWith(t testing.TB, data []byte, o ort.Options) (*ort.Session, error) {
	t.Helper()
	o.Inputs, o.Outputs = []string{"x"}, []string{m.output}
	s, err := open(t).Load(data, o)
	if err == nil {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return s, err
}

func TestLoadRefusesDevicesThatDoNotExist(t *testing.T) {
	for _, device := range []string{"gpu", "CPU", "cpu:0", "webgpu:1", "coreml:x", "cuda:", "cuda:-1", "cuda:one", "directml:1:2", " cpu"} {
		_, err := classifier.loadWith(t, classifier.data(t), ort.Options{Device: device})
		if got := inkpool.CodeOf(err); got != inkpool.CodeInvalid {
			t.Errorf("%q: got %q (%v), want %q", device, got, err, inkpool.CodeInvalid)
		}
	}
}

// A device that is not there is told in words, so that the engine can go on with the CPU.
func TestDevicesRunTheModelOrSayWhyNot(t *testing.T) {
	want := classifier.answer(t, classifier.load(t), 1, 48, 192)
	for _, device := range []string{ort.CPU, "webgpu", "directml", "directml:1", "coreml", "cuda:0"} {
		s, err := classifier.loadWith(t, classifier.data(t), ort.Options{Device: device})
		if err == nil {
			got := classifier.answer(t, s, 1, 48, 192)
			if d := math.Abs(float64(got[0] - want[0])); d > 0.01 {
				t.Errorf("%s: got %v, the CPU %v", device, got, want)
			}
			continue
		}
		var shown *inkpool.Error
		if !errors.As(err, &shown) || shown.Code != inkpool.CodeUnavailable || device == ort.CPU {
			t.Errorf("%s: got %v, want CodeUnavailable", device, err)
		} else if !strings.Contains(shown.Message, device) || shown.Hint == "" || shown.Unwrap() == nil {
			t.Errorf("%s: got message %q, hint %q and cause %v, want all of them", device, shown.Message, shown.Hint, shown.Unwrap())
		}
	}
}

func TestThreadsAndArenaMakeNoDifference(t *testing.T) {
	const h, w = 96, 160
	want := detector.answer(t, detector.load(t), 1, h, w)
	for name, o := range map[string]ort.Options{
		"two threads": {Threads: 2},
		"no arena":    {NoArena: true},
		"cpu by name": {Device: ort.CPU},
	} {
		s, err := detector.loadWith(t, detector.data(t), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := detector.answer(t, s, 1, h, w); !slices.Equal(got, want) {
			t.Errorf("%s: the output differs", name)
		}
	}
}

func TestSavedModelsComputeTheSame(t *testing.T) {
	want := classifier.answer(t, classifier.load(t), 1, 48, 192)
	path := filepath.Join(t.TempDir(), "saved.ort")
	s, err := classifier.loadWith(t, classifier.data(t), ort.Options{SaveTo: path})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := classifier.loadWith(t, saved, ort.Options{Saved: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*ort.Session{"saving": s, "saved": again} {
		if got := classifier.answer(t, s, 1, 48, 192); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}

	for name, c := range map[string]struct {
		data []byte
		o    ort.Options
	}{
		"saved, taken for a model":     {saved, ort.Options{}},
		"a model, taken for saved":     {classifier.data(t), ort.Options{Saved: true}},
		"nothing, taken for saved":     {nil, ort.Options{Saved: true}},
		"a folder that does not exist": {classifier.data(t), ort.Options{SaveTo: filepath.Join(t.TempDir(), "no", "saved.ort")}},
	} {
		_, err := classifier.loadWith(t, c.data, c.o)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeModelCorrupt)
		}
	}
}
