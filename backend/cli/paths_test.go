package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestNamesAsTyped(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		typed []string
		path  string // of the task
		want  string
	}{
		"file":                     {[]string{"a.png"}, here + "/a.png", "a.png"},
		"file with dots":           {[]string{"./x/../a.png"}, here + "/a.png", "./x/../a.png"},
		"absolute file":            {[]string{here + "/a.png"}, here + "/a.png", here + "/a.png"},
		"in a folder":              {[]string{"scans"}, here + "/scans/1/a.png", "scans/1/a.png"},
		"in a folder with slash":   {[]string{"./scans/"}, here + "/scans/a.png", "./scans/a.png"},
		"in this folder":           {[]string{"."}, here + "/a.png", "./a.png"},
		"in the folder above":      {[]string{".."}, here + "/a.png", "../" + filepath.Base(here) + "/a.png"},
		"the disk":                 {[]string{"/"}, "/etc/a.png", "/etc/a.png"},
		"the nearest":              {[]string{"scans", "scans/in"}, here + "/scans/in/a.png", "scans/in/a.png"},
		"a longer name beside it":  {[]string{"scan"}, here + "/scans/a.png", here + "/scans/a.png"},
		"empty":                    {[]string{"", "a.png"}, "", ""},
		"empty does not mean here": {[]string{""}, here + "/a.png", here + "/a.png"},
		"nobody typed it":          {nil, "/elsewhere/a.png", "/elsewhere/a.png"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := namesAsTyped(c.typed)(inkpool.Task{Path: c.path}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSplitList(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		nul  bool
		want []string
	}{
		"lines":                   {"a\nb c\n", false, []string{"a", "b c"}},
		"last line without end":   {"a\nb", false, []string{"a", "b"}},
		"lines of Windows":        {"a\r\n\r\nb\r\n", false, []string{"a", "b"}},
		"empty lines":             {"\n\na\n\n", false, []string{"a"}},
		"nothing":                 {"", false, nil},
		"NUL":                     {"a\x00b\nc\x00", true, []string{"a", "b\nc"}},
		"NUL keeps returns":       {"a\r\x00", true, []string{"a\r"}},
		"NUL without the last":    {"a\x00b", true, []string{"a", "b"}},
		"bytes that are no UTF-8": {"a\xff\n", false, []string{"a\xff"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, splitList([]byte(c.list), c.nul)); d != "" {
				t.Errorf("paths (-want +got):\n%s", d)
			}
		})
	}
}
