//go:build unix

package job_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

func TestWalkOrder(t *testing.T) {
	for name, c := range map[string]struct{ files, want []string }{
		"numbers by value": {
			files: []string{"page 10.png", "page 2.png", "page 1.png", "page 010.png"},
			want:  []string{"page 1.png", "page 2.png", "page 010.png", "page 10.png"},
		},
		"leading zeros are the last word": {
			files: []string{"1b", "01a", "1a", "001", "1", "a1", "a01b"},
			want:  []string{"001", "1", "01a", "1a", "1b", "a1", "a01b"},
		},
		"numbers longer than any integer": {
			files: []string{"20251121123456789012345678901234567891", "20251121123456789012345678901234567890", "9"},
			want:  []string{"9", "20251121123456789012345678901234567890", "20251121123456789012345678901234567891"},
		},
		"nested folders in their place": {
			files: []string{"c.png", "b/2.png", "b/10.png", "b/a/1.png", "a.png"},
			want:  []string{"a.png", "b/2.png", "b/10.png", "b/a/1.png", "c.png"},
		},
		"hidden files and folders left out": {
			files: []string{".DS_Store", ".git/config", "a.png", "b/.thumb.png"},
			want:  []string{"a.png"},
		},
		"names that are hard to handle": {
			files: []string{"-rf", "two\nlines", "bad\xff\xfeutf8", "naïve 墨池"},
			want:  []string{"-rf", "bad\xff\xfeutf8", "naïve 墨池", "two\nlines"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := makeFolder(t, "in", c.files...)
			var got []string
			for _, task := range walk(t, dir) {
				if task.Error != nil || task.Page != 1 || task.Path != filepath.Join(filepath.Dir(dir), task.Name) {
					t.Errorf("got task %+v, want page 1 without error, its name the end of its path", task)
				}
				got = append(got, strings.TrimPrefix(task.Name, "in/"))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("names (-want +got):\n%s", d)
			}
		})
	}
}

func TestWalkKeepsTheOrderOfPaths(t *testing.T) {
	dir := makeFolder(t, "in", "b.png", "a/2.png", "a/1.png")
	t.Chdir(dir)
	var got []string
	for _, task := range walk(t, "b.png", "a", "./b.png", "missing") {
		got = append(got, task.Name)
		if !filepath.IsAbs(task.Path) {
			t.Errorf("got path %q, want an absolute one", task.Path)
		}
	}
	if d := cmp.Diff([]string{"b.png", "a/1.png", "a/2.png", "b.png", "missing"}, got); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
}

// In a folder, what is no file is left out; each of these would block whoever reads it, or
// lead in a circle.
func TestWalkTakesFilesOnly(t *testing.T) {
	dir := makeFolder(t, "in", "file.png", "folder/inner.png")
	mkfifo(t, filepath.Join(dir, "pipe"))
	for link, target := range map[string]string{
		"link-to-file":   "file.png",
		"link-to-folder": "folder",
		"link-to-pipe":   "pipe",
		"link-to-zero":   "/dev/zero",
		"link-to-self":   "link-to-self",
		"link-to-parent": "..",
		"dangling":       "nowhere",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, task := range walk(t, dir) {
		got = append(got, task.Name)
	}
	if d := cmp.Diff([]string{"in/file.png", "in/folder/inner.png", "in/link-to-file"}, got); d != "" {
		t.Errorf("names (-want +got):\n%s", d)
	}
}

// What a person names is never left out.
func TestWalkTellsWhatCannotBeRead(t *testing.T) {
	dir := makeFolder(t, "in", "file.png", "empty/.hidden")
	loop, dangling, pipe := filepath.Join(dir, "loop"), filepath.Join(dir, "dangling"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.Symlink(loop, loop), os.Symlink("nowhere", dangling)); err != nil {
		t.Fatal(err)
	}
	mkfifo(t, pipe)
	for name, c := range map[string]struct {
		path string
		want inkpool.Code
	}{
		"missing":                {filepath.Join(dir, "missing.png"), inkpool.CodeNotFound},
		"no path":                {"", inkpool.CodeNotFound},
		"below a file":           {filepath.Join(dir, "file.png", "x"), inkpool.CodeNotFound},
		"dangling link":          {dangling, inkpool.CodeNotFound},
		"folder without files":   {filepath.Join(dir, "empty"), inkpool.CodeNotFound},
		"link in a circle":       {loop, inkpool.CodeInvalid},
		"name too long":          {filepath.Join(dir, strings.Repeat("x", 300)), inkpool.CodeInvalid},
		"name with a NUL":        {dir + "/a\x00b", inkpool.CodeInvalid},
		"pipe, for the engine":   {pipe, ""},
		"device, for the engine": {"/dev/zero", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tasks := walk(t, c.path)
			if len(tasks) != 1 || tasks[0].Path != c.path {
				t.Fatalf("got %+v, want one task for %q", tasks, c.path)
			}
			if got := codeOf(tasks[0]); got != c.want {
				t.Errorf("got %q (%v), want %q", got, tasks[0].Error, c.want)
			}
		})
	}
}

func TestWalkUnreadableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := makeFolder(t, "in", "a.png", "closed/x.png", "z.png")
	closed := filepath.Join(dir, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	tasks := walk(t, dir)
	if len(tasks) != 3 || tasks[1].Path != closed || codeOf(tasks[1]) != inkpool.CodePermission {
		t.Errorf("got %+v, want the closed folder between its neighbours with %q", tasks, inkpool.CodePermission)
	}
}

func TestWalkStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := job.Walk(ctx, []string{t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func walk(t *testing.T, paths ...string) []inkpool.Task {
	t.Helper()
	tasks, err := job.Walk(t.Context(), paths)
	if err != nil {
		t.Fatalf("Walk(%q): %v", paths, err)
	}
	return tasks
}

func mkfifo(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}
