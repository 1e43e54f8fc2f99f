package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSoakMemory reads thousands of mixed pages with the real engine and looks at the memory
// of the program and its engine together, after every page.
//
// $INKPOOL_SOAK_PAGES says how many pages; 2,000 is the figure that we publish.
func TestSoakMemory(t *testing.T) {
	if !inFull() || !hasModels() {
		t.Skip("takes an hour, and needs the models: set INKPOOL_SOAK=1")
	}
	pages, err := strconv.Atoi(cmp.Or(os.Getenv("INKPOOL_SOAK_PAGES"), "2000"))
	if err != nil || pages < 20 {
		t.Fatalf("INKPOOL_SOAK_PAGES=%s: want at least 20", os.Getenv("INKPOOL_SOAK_PAGES"))
	}
	s := newSite(t)
	s.pageTime = ""
	different := s.linkMixed(t, pages)
	rss := s.residentAfterPages(t)
	if len(rss) != pages {
		t.Fatalf("got %d pages, want %d", len(rss), pages)
	}
	// What is at work at a moment is chance: of every tenth, the most.
	tenth := pages / 10
	var curve []int64
	for some := range slices.Chunk(rss[:10*tenth], tenth) {
		curve = append(curve, slices.Max(some)>>20)
	}
	t.Logf("most memory in each %d pages, MiB: %d", tenth, curve)
	if tenth < different {
		t.Skipf("%d pages are too few to compare: there are %d different ones", tenth, different)
	}
	if first, last := curve[0], curve[9]; float64(last) > 1.10*float64(first) {
		t.Errorf("%d MiB in the last %d pages, %d MiB in the first: want at most 1.10 times that", last, tenth, first)
	}
}

// residentAfterPages reads all files and returns how much memory was taken, in bytes, when
// each page came out.
func (s site) residentAfterPages(t *testing.T) []int64 {
	t.Helper()
	c, lines, stderr := s.startReading(t)
	var rss []int64
	engines := map[int]bool{}
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		if !strings.Contains(line, `"status":"done"`) {
			t.Errorf("a page failed: %.300s", line)
		}
		engine := victim{pid: c.Process.Pid}.engine()
		engines[engine] = true
		rss = append(rss, resident(c.Process.Pid)+resident(engine))
	}
	if code := exitCode(c.Wait()); code != 0 {
		t.Errorf("got exit code %d: %s", code, stderr.String())
	}
	if len(engines) > 1 {
		t.Errorf("there was more than one engine: %v", engines)
	}
	return rss
}

// resident is how much memory a process takes, in bytes; 0 when it has ended.
func resident(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := strings.Fields(string(status))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// linkMixed fills the site with so many pages: the project's samples and, where it is, the
// evaluation data, always in the same order and over again. It returns how many different
// ones there are.
func (s site) linkMixed(t *testing.T, pages int) int {
	t.Helper()
	data, err := filepath.Abs(cmp.Or(os.Getenv("INKPOOL_DATA"), "../../../../shared/data"))
	if err != nil {
		t.Fatal(err)
	}
	samples, err := filepath.Abs("../../../samples")
	if err != nil {
		t.Fatal(err)
	}
	pictures := append(picturesIn(samples), picturesIn(filepath.Join(data, "ocr"))...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(pictures), func(i, j int) { pictures[i], pictures[j] = pictures[j], pictures[i] })
	t.Logf("%d pages of %d different pictures", pages, len(pictures))
	for i := range pages {
		target := pictures[i%len(pictures)]
		link := filepath.Join(s.files, fmt.Sprintf("%05d%s", i, filepath.Ext(target)))
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	return len(pictures)
}

// picturesIn lists the pictures below a folder, which may not be there.
func picturesIn(folder string) []string {
	var found []string
	_ = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && slices.Contains([]string{".jpg", ".png", ".webp"}, filepath.Ext(path)) {
			found = append(found, path)
		}
		return nil
	})
	return found
}
