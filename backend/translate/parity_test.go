package translate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/pool"
)

// TestParity compares greedy ids with those of transformers.js, in full precision and quantised.
// `make bench-text` writes them and runs it; INKPOOL_PARITY names the file, beside the folder of
// the model.
func TestParity(t *testing.T) {
	file := os.Getenv("INKPOOL_PARITY")
	if file == "" {
		t.Skip("INKPOOL_PARITY names no file: run make bench-text")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var runs []struct {
		DType   string
		Longest int
		Cases   []struct{ Input, Output []int }
	}
	if err := json.Unmarshal(data, &runs); err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		translator := open(t, filepath.Join(filepath.Dir(file), "wild"), map[string]string{"q8": "_quantized"}[r.DType])
		page, equal := pool.New(1).Page(pool.Request{}), 0
		for _, c := range r.Cases {
			got, err := translator.Greedy(t.Context(), page, [][]int{c.Input}, r.Longest)
			if err != nil {
				t.Fatal(err)
			}
			want := c.Output[1 : len(c.Output)-1] // without start and end
			if len(want) == r.Longest-1 {         // there the end was forced
				got[0] = got[0][:min(len(got[0]), len(want))]
			}
			if !slices.Equal(got[0], want) {
				t.Errorf("%s: %v: got %v, want %v", r.DType, c.Input, got[0], want)
				continue
			}
			equal++
		}
		t.Logf("%s: %d of %d equal", r.DType, equal, len(r.Cases))
		if len(r.Cases) < 200 {
			t.Errorf("%s: got %d sentences, want 200", r.DType, len(r.Cases))
		}
	}
}
