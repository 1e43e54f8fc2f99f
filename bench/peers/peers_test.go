package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/score"
)

func TestFindPictures(t *testing.T) {
	dir := writeFiles(t, map[string]int{"b.PNG": 1, "a.jpg": 1, "c.tif": 1, "d.jpeg": 1})
	for name, c := range map[string]struct {
		limit int
		want  []string
	}{
		"all":        {0, []string{"a.jpg", "b.PNG", "d.jpeg"}},
		"limited":    {2, []string{"a.jpg", "b.PNG"}},
		"high limit": {9, []string{"a.jpg", "b.PNG", "d.jpeg"}},
	} {
		t.Run(name, func(t *testing.T) {
			var notes bytes.Buffer
			got, err := findPictures(dir, c.limit, &notes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(inFolder(dir, c.want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !strings.Contains(notes.String(), "c.tif is no JPEG and no PNG") {
				t.Errorf("got notes %q, want one on c.tif", &notes)
			}
		})
	}
}

func TestDeal(t *testing.T) {
	dir := writeFiles(t, map[string]int{"a": 10, "b": 90, "c": 50, "d": 40, "e": 0})
	pictures := inFolder(dir, []string{"a", "b", "c", "d", "e"})
	for name, c := range map[string]struct {
		processes int
		want      [][]string
	}{
		"one":  {1, [][]string{{"b", "c", "d", "a", "e"}}},
		"two":  {2, [][]string{{"b", "a"}, {"c", "d", "e"}}},
		"four": {4, [][]string{{"b"}, {"c"}, {"d"}, {"a", "e"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var want [][]string
			for _, hand := range c.want {
				want = append(want, inFolder(dir, hand))
			}
			if diff := cmp.Diff(want, deal(pictures, c.processes)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParse(t *testing.T) {
	pictures := []string{"a", "b", "c"}
	for name, c := range map[string]struct {
		parse      func([]byte, []string) ([]reading, error)
		out        string
		want       []reading
		wantUnread []string
	}{
		"rows": {
			parse: parseRows,
			out:   `{"path":"b","text":"B","error":null}` + "\n" + `{"path":"a","text":"A"}` + "\n" + `{"path":"c","text":""}` + "\n",
			want:  []reading{{"b", "B"}, {"a", "A"}, {"c", ""}},
		},
		"failed rows": {
			parse:      parseRows,
			out:        `{"path":"a","error":{"code":"invalid"}}` + "\n" + `{"path":"b","text":"B"}` + "\n" + `{"path":"c","text":"","error":"no"}` + "\n",
			want:       []reading{{"b", "B"}},
			wantUnread: []string{"a", "c"},
		},
		"form feeds":    {parse: parseFormFeeds, out: "A\n\f\fC\n", want: []reading{{"a", "A\n"}, {"b", ""}, {"c", "C\n"}}},
		"second failed": {parse: parseFormFeeds, out: "A\n", want: []reading{{"a", "A\n"}}, wantUnread: []string{"b", "c"}},
		"first failed":  {parse: parseFormFeeds, out: "", wantUnread: []string{"a", "b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.parse([]byte(c.out), pictures)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if missing := unread(pictures, got); !slices.Equal(missing, c.wantUnread) {
				t.Errorf("got %q unread, want %q", missing, c.wantUnread)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	if got, err := parseRows([]byte("Segmentation fault\n"), []string{"a"}); err == nil {
		t.Errorf("got %v, want an error for what is no JSON", got)
	}
	if got, err := parseFormFeeds([]byte("A\fB"), []string{"a"}); err == nil {
		t.Errorf("got %v, want an error for two texts of one picture", got)
	}
}

// TestCompareWith has one slow round that would spoil ratios of medians.
func TestCompareWith(t *testing.T) {
	r := report{Rows: []row{
		{Name: "Inkpool", Workers: 1, Rounds: []round{{CPUPerPage: 9}, {CPUPerPage: 9}, {CPUPerPage: 9}}},
		{Name: "Inkpool", Workers: 2, Rounds: []round{{1, 4, 100}, {3, 1, 300}, {1, 4, 200}}},
		{Name: "peer", Workers: 2, Rounds: []round{{2, 2, 10}, {6, 0.5, 20}, {2.5, 1, 30}}},
	}}
	r.compareWith("Inkpool")
	got := r.Rows[2]
	want := row{Name: "peer", Workers: 2, Rounds: got.Rounds, CPUPerPage: 2.5, PagesPerS: 1, PeakMB: 30, CPURatio: 0.5, Speedup: 2}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if own := r.Rows[1]; own.CPURatio != 1 || own.Speedup != 1 || own.PeakMB != 300 {
		t.Errorf("got %+v, want ratios of 1 with itself and the highest peak", own)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{3, 1, 2}, 2},
		{[]float64{4, 1, 2, 9}, 3},
		{[]float64{4, 0, 2, 3}, 3},
		{[]float64{0}, 0},
	} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.values, got, c.want)
		}
	}
}

func TestDifference(t *testing.T) {
	start := pass{cpu: 2 * time.Second, wall: time.Second, peak: 9}
	for name, c := range map[string]struct {
		whole pass
		want  round
	}{
		"usual":       {pass{cpu: 6 * time.Second, wall: 3 * time.Second, peak: 5e6}, round{CPUPerPage: 0.5, PagesPerS: 4, PeakMB: 5}},
		"slow start":  {pass{cpu: 6 * time.Second, wall: time.Second}, round{CPUPerPage: 0.5}},
		"dear start":  {pass{cpu: time.Second, wall: 3 * time.Second}, round{PagesPerS: 4}},
		"all at once": {start, round{PeakMB: 9e-6}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := difference(start, c.whole, 8); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestErrors looks for the truth in the folder above, and only for that of the pictures read.
func TestErrors(t *testing.T) {
	top := t.TempDir()
	index := `{"image":"set/a.png","set":"set","text":"abcd"}` + "\n" + `{"image":"set/b.png","set":"set","text":"abcd"}` + "\n"
	if err := os.WriteFile(filepath.Join(top, "index.jsonl"), []byte(index), 0o600); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(top, "set", "a.png")
	r := report{Rows: []row{{readings: []reading{{picture, "abxd"}}}}}
	if err := r.addErrors(filepath.Join(top, "set"), []string{picture}); err != nil {
		t.Fatal(err)
	}
	if r.Setting.Truths != 1 || r.Rows[0].Errors == nil || r.Rows[0].Errors.CER != 0.25 {
		t.Errorf("got %d truths and %+v, want 1 with a CER of 0.25", r.Setting.Truths, r.Rows[0].Errors)
	}
}

func TestMarkdown(t *testing.T) {
	r := report{
		Setting: setting{Date: "2026-01-02", Machine: "a processor, 2 cores", Load: "0.5", Versions: []string{"x 1", "y 2"},
			Command: "go run ./bench/peers -images pages", Pages: 5, Truths: 4, Rounds: 3},
		Rows: []row{
			{Name: "Inkpool", How: "2 workers", CPUPerPage: 0.5, CPURatio: 1, PagesPerS: 4, Speedup: 1, PeakMB: 300, Errors: &score.Measure{CER: 0.1, Bag: 0.05}},
			{Name: "peer", How: "2 processes", CPUPerPage: 1, CPURatio: 0.5, PeakMB: 600},
		},
	}
	want := `2026-01-02. a processor, 2 cores, load 0.5.
x 1, y 2.

    go run ./bench/peers -images pages

5 pages, 4 of them with known text; medians of 3 rounds.

| program | arrangement | CPU s/page | Inkpool / it | pages/s | Inkpool / it | peak RSS MB | CER | bag |
|---|---|--:|--:|--:|--:|--:|--:|--:|
| Inkpool | 2 workers | 0.500 | 1.00 | 4.00 | 1.00 | 300 | 0.100 | 0.050 |
| peer | 2 processes | 1.000 | 0.50 | - | - | 600 | - | - |
`
	var got bytes.Buffer
	if err := r.printMarkdown(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// writeFiles makes a folder of files with the given sizes.
func writeFiles(t *testing.T, sizes map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, size := range sizes {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func inFolder(dir string, names []string) []string {
	var paths []string
	for _, n := range names {
		paths = append(paths, filepath.Join(dir, n))
	}
	return paths
}

// TestWatch looks at a process that has certainly used something: this one.
func TestWatch(t *testing.T) {
	seen := map[int32]use{}
	look(t.Context(), []int32{int32(os.Getpid())}, seen)
	got := total(seen)
	if got.peak < 1<<20 || got.peak > 1<<34 {
		t.Errorf("got a peak of %d bytes, want some MB", got.peak)
	}
	seen[0] = use{peak: 5, cpu: 7} // 0 is nobody's
	if more := total(seen); more.peak != got.peak+5 || more.cpu != got.cpu+7 {
		t.Errorf("got %+v, want the sum of %+v and 5 bytes, 7 ns", more, got)
	}
}
