package export_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func say(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// wantFiles checks everything that is in dir: name → content.
func wantFiles(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(data)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
}

func mustWrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func TestToFileNames(t *testing.T) {
	cases := []struct {
		name      string
		there     []string
		overwrite bool
		want      string
	}{
		{"out.csv", nil, false, "out.csv"},
		{"out.csv", nil, true, "out.csv"},
		{"out.csv", []string{"out.csv"}, false, "out (2).csv"},
		{"out.csv", []string{"out.csv", "out (2).csv", "out (4).csv"}, false, "out (3).csv"},
		{"out.csv", []string{"out.csv"}, true, "out.csv"},
		{"out", []string{"out"}, false, "out (2)"},
		{".profile", []string{".profile"}, false, ".profile (2)"},
		{"a.b.txt", []string{"a.b.txt"}, false, "a.b (2).txt"},
		{"墨池.txt", []string{"墨池.txt"}, false, "墨池 (2).txt"},
	}
	for _, c := range cases {
		dir := t.TempDir()
		want := map[string]string{}
		for _, name := range c.there {
			mustWrite(t, filepath.Join(dir, name), "old")
			want[name] = "old"
		}
		want[c.want] = "new"
		got, err := export.ToFile(filepath.Join(dir, c.name), c.overwrite, say("new"))
		if err != nil || got != filepath.Join(dir, c.want) {
			t.Errorf("%s beside %q, overwrite %v: got %q (%v), want %q", c.name, c.there, c.overwrite, got, err, c.want)
		}
		wantFiles(t, dir, want)
	}
}

func TestToFileRace(t *testing.T) {
	dir := t.TempDir()
	const writers = 20
	names := make([]string, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			name, err := export.ToFile(filepath.Join(dir, "out.txt"), false, say(fmt.Sprint(i)))
			if err != nil {
				t.Error(err)
			}
			names[i] = filepath.Base(name)
		})
	}
	wg.Wait()
	want := map[string]string{}
	for i, name := range names {
		want[name] = fmt.Sprint(i)
	}
	if len(want) != writers {
		t.Errorf("got names %q, want %d different ones", names, writers)
	}
	wantFiles(t, dir, want)
}

func TestToFileErrorLeavesNothing(t *testing.T) {
	broken := inkpool.Errorf(inkpool.CodeUnavailable, "the history went away")
	for _, overwrite := range []bool{false, true} {
		dir := t.TempDir()
		mustWrite(t, filepath.Join(dir, "out.txt"), "old")
		got, err := export.ToFile(filepath.Join(dir, "out.txt"), overwrite, func(w io.Writer) error {
			return errors.Join(say(strings.Repeat("half", 100_000))(w), broken)
		})
		if got != "" || !errors.Is(err, broken) {
			t.Errorf("overwrite %v: got %q, %v, want the error of the writer", overwrite, got, err)
		}
		wantFiles(t, dir, map[string]string{"out.txt": "old"})
	}
}

func TestToFilePanicLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("got no panic, want it to go on")
			}
		}()
		_, _ = export.ToFile(filepath.Join(dir, "out.txt"), false, func(io.Writer) error { panic("broken") })
	}()
	wantFiles(t, dir, map[string]string{})
}

func TestToFileErrorOfWriteIsItsOwn(t *testing.T) {
	_, err := export.ToFile(filepath.Join(t.TempDir(), "out.txt"), false, func(io.Writer) error {
		_, err := os.Open(filepath.Join(t.TempDir(), "none.png"))
		return err
	})
	// Not "no such folder": it is not the output that is missing.
	if got := inkpool.CodeOf(err); got != inkpool.CodeInternal || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %q (%v), want the error as it was", got, err)
	}
}

func TestToFilePlaces(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, filepath.Join(dir, "file"), "")
	cases := []struct {
		name      string
		path      string
		overwrite bool
		want      inkpool.Code
	}{
		{"no folder", filepath.Join(dir, "none", "out.txt"), false, inkpool.CodeNotFound},
		{"no folder, overwrite", filepath.Join(dir, "none", "out.txt"), true, inkpool.CodeNotFound},
		{"a file for a folder", filepath.Join(dir, "file", "out.txt"), false, inkpool.CodeNotFound},
		{"a folder in the way", dir, true, inkpool.CodeConflict},
		{"a name too long", filepath.Join(dir, strings.Repeat("x", 300)), false, inkpool.CodeInvalid},
		{"a name that cannot be", filepath.Join(dir, "a\x00b"), false, inkpool.CodeInvalid},
	}
	for _, c := range cases {
		_, err := export.ToFile(c.path, c.overwrite, say("x"))
		if got := inkpool.CodeOf(err); got != c.want {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, err, c.want)
		}
		if inkpool.AsError(err).Hint == "" {
			t.Errorf("%s: got no hint, want one", c.name)
		}
	}
	wantFiles(t, dir, map[string]string{"file": ""})
}

func TestToFileNotWritable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("the rights of a folder do not bind this user")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := export.ToFile(filepath.Join(dir, "out.txt"), false, say("x"))
	if got := inkpool.CodeOf(err); got != inkpool.CodePermission {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodePermission)
	}
}

func TestToFileKeepsModeAndLink(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	target := filepath.Join(other, "real.txt")
	mustWrite(t, target, "old")
	link := filepath.Join(dir, "link.txt")
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no links here:", err)
	}
	if _, err := export.ToFile(link, true, say("new")); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, other, map[string]string{"real.txt": "new"})
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("got %v (%v), want the link to stay", info.Mode(), err)
	}
	if info, err := os.Stat(target); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("got mode %v (%v), want that of the old file", info.Mode(), err)
	}
}

func TestReserve(t *testing.T) {
	dir := t.TempDir()
	temp, path := filepath.Join(dir, "temp"), filepath.Join(dir, "out.txt")
	mustWrite(t, temp, "first")
	if err := export.Reserve(temp, path); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, temp, "second")
	if err := export.Reserve(temp, path); !errors.Is(err, os.ErrExist) {
		t.Errorf("name that is taken: got %v, want %v", err, os.ErrExist)
	}
	wantFiles(t, dir, map[string]string{"out.txt": "first", "temp": "second"})
	if err := export.Reserve(filepath.Join(dir, "none"), filepath.Join(dir, "new.txt")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v, want %v", err, os.ErrNotExist)
	}
	wantFiles(t, dir, map[string]string{"out.txt": "first", "temp": "second"})
}

func TestFileErrorDiskFull(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no disk that is always full:", err)
	}
	defer f.Close()
	_, full := f.WriteString("x")
	if got := inkpool.CodeOf(export.FileError("out.txt", full)); got != inkpool.CodeDiskFull {
		t.Errorf("got %q for %v, want %q", got, full, inkpool.CodeDiskFull)
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken.txt")
	if err := os.WriteFile(taken, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path      string
		overwrite bool
		want      inkpool.Code
	}{
		"new":                 {filepath.Join(dir, "new.txt"), false, ""},
		"taken":               {taken, false, ""}, // ToFile finds another name
		"taken and given up":  {taken, true, ""},
		"no folder":           {filepath.Join(dir, "none", "new.txt"), false, inkpool.CodeNotFound},
		"a file for a folder": {filepath.Join(taken, "new.txt"), false, inkpool.CodeNotFound},
		"a folder in the way": {dir, true, inkpool.CodeConflict},
	} {
		t.Run(name, func(t *testing.T) {
			if got := inkpool.CodeOf(export.Probe(c.path, c.overwrite)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("got %v, %v left behind; want the one file that was there", left, err)
	}
}
