package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

func TestOutputFile(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ out, title, want string }{
		"file":                 {dir + "/x.csv", "scans", dir + "/x.csv"},
		"folder":               {dir, "scans", dir + "/scans.csv"},
		"folder to be made":    {dir + "/new/", "scans", dir + "/new/scans.csv"},
		"title is the disk":    {dir, "/", dir + "/inkpool.csv"},
		"no title":             {dir, "", dir + "/inkpool.csv"},
		"title that climbs":    {dir, "../../etc/passwd", dir + "/passwd.csv"},
		"title keeps its name": {dir, "a.b.png", dir + "/a.b.png.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			o := output{format: format{export.CSV{}}, path: c.out}
			if got := o.file(c.title); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// pagesThat yields a page and then, if it is not nil, an error.
func pagesThat(last error) export.Pages {
	return func(yield func(view.Page, error) bool) {
		if yield(view.Page{Path: "a", Status: "done"}, nil) && last != nil {
			yield(view.Page{}, last)
		}
	}
}

// Whether the history or the output is at fault decides the exit code.
func TestWriteTellsWhoseErrorItIs(t *testing.T) {
	history := inkpool.Errorf(inkpool.CodeUnavailable, "history")
	for name, c := range map[string]struct {
		path         string // in a folder of the test; "": standard output
		stdout, last error
		ofOutput     bool
	}{
		"history, to a file":            {path: "x", last: history},
		"history, to standard output":   {last: history},
		"file":                          {path: "no/folder/x", ofOutput: true},
		"standard output":               {stdout: errors.New("write"), ofOutput: true},
		"output first, history unasked": {stdout: errors.New("write"), last: history, ofOutput: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := output{format: format{export.JSONL{}}}
			if c.path != "" {
				o.path = filepath.Join(dir, c.path)
			}
			d := &door{stdout: dataWriter{brokenWriter{c.stdout}}, stderr: &bytes.Buffer{}}
			err := d.write(o, "title", pagesThat(c.last))
			var output outputError
			if got := errors.As(err, &output); err == nil || got != c.ofOutput {
				t.Errorf("got %v, an error of the output: %v; want %v", err, got, c.ofOutput)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// brokenWriter fails with err, if any.
type brokenWriter struct{ err error }

func (w brokenWriter) Write(p []byte) (int, error) { return len(p), w.err }

func TestWriteSaysWhereTo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.jsonl")
	var stdout, stderr bytes.Buffer
	d := &door{stdout: &stdout, stderr: &stderr}
	if err := d.write(output{format: format{export.JSONL{}}, path: path}, "title", pagesThat(nil)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(data), `{"v":0,"path":"a"`) {
		t.Errorf("got %q, %v in the file; want the page", data, err)
	}
	if got, want := stderr.String(), "written: "+path+"\n"; got != want || stdout.Len() > 0 {
		t.Errorf("got %q on standard error and %q on output, want %q and nothing", got, stdout.String(), want)
	}
}
