package job

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Walk lists the tasks that paths stand for, in their order: files as they are, folders
// with every regular file below them, by name with numbers in numeric order. Left out
// within a folder are hidden files and folders (a leading dot), links to folders and links
// that lead nowhere, and what is no file at all: pipes, sockets, devices. A path that
// cannot be read becomes a task that carries its error, so that nothing disappears
// silently. Walk opens folders only, never files. The error is ctx's only.
func Walk(ctx context.Context, paths []string) ([]inkpool.Task, error) {
	var tasks []inkpool.Task
	for _, p := range paths {
		found, err := walkOne(ctx, absolute(p))
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, found...)
	}
	return tasks, nil
}

// absolute keeps the empty path, which names nothing; filepath.Abs takes it for the folder
// that the program happens to be in.
func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if path == "" || err != nil {
		return path
	}
	return abs
}

// baseOf is the last part of an absolute path, and empty for an empty one.
func baseOf(abs string) string {
	if abs == "" {
		return ""
	}
	return filepath.Base(abs)
}

func walkOne(ctx context.Context, root string) ([]inkpool.Task, error) {
	base := baseOf(root)
	info, err := os.Stat(root)
	if err != nil {
		return []inkpool.Task{unreadable(root, base, err)}, nil
	}
	if !info.IsDir() {
		return []inkpool.Task{{Path: root, Name: base, Page: 1}}, nil
	}
	tasks, err := walkFolder(ctx, root, base)
	if err == nil && len(tasks) == 0 {
		tasks = []inkpool.Task{unreadable(root, base, errEmptyFolder)}
	}
	return tasks, err
}

// walkFolder lists what is in a folder by name, files and folders alike. Tasks are called
// name and the path below dir.
func walkFolder(ctx context.Context, dir, name string) ([]inkpool.Task, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []inkpool.Task{unreadable(dir, name, err)}, nil
	}
	sortNaturally(entries)
	var tasks []inkpool.Task
	for _, e := range entries {
		full, shown := filepath.Join(dir, e.Name()), path.Join(name, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			below, err := walkFolder(ctx, full, shown)
			if err != nil {
				return nil, err
			}
			tasks = append(tasks, below...)
		case isFile(full, e):
			tasks = append(tasks, inkpool.Task{Path: full, Name: shown, Page: 1})
		}
	}
	return tasks, nil
}

// isFile reports whether an entry is a regular file or a link to one. Reading anything else
// may never end.
func isFile(full string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(full)
	return err == nil && info.Mode().IsRegular()
}

var errEmptyFolder = errors.New("no files in folder")

// unreadable is a task that failed before it began.
func unreadable(full, name string, err error) inkpool.Task {
	return inkpool.Task{Path: full, Name: name, Page: 1, Error: pathError(err).WithCause(err)}
}

// pathError says why a path cannot be read.
func pathError(err error) *inkpool.Error {
	switch {
	case errors.Is(err, errEmptyFolder):
		return inkpool.Errorf(inkpool.CodeNotFound, "there are no files in this folder")
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // ENOTDIR: file.png/x
		return inkpool.Errorf(inkpool.CodeNotFound, "there is no such file").WithHint("Check the name, or add it again.")
	case errors.Is(err, fs.ErrPermission):
		return inkpool.Errorf(inkpool.CodePermission, "you may not read this").WithHint("Change its permissions and try again.")
	case errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.EINVAL):
		return inkpool.Errorf(inkpool.CodeInvalid, "this name leads to no file").
			WithHint("If it is a link, it may lead in a circle: add the file itself.")
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "this cannot be opened").WithHint("Check the disk that it is on.")
	}
}
