package modelpack

import (
	"errors"
	"io/fs"
	"os"
)

// folder is the directory of a pack as a file system that no link leads out of, in which only
// regular files and folders can be opened: a pipe would keep its reader waiting.
type folder string

var errNoFile = errors.New("neither a file nor a folder")

// Open implements fs.FS.
func (d folder) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errNoFile}
	}
	return root.Open(name)
}
