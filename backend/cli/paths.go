package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// inputs returns the paths to read: args and those that --files-from lists.
func (d *door) inputs(f runFlags, args []string) ([]string, error) {
	if f.filesFrom == "" {
		if len(args) == 0 {
			return nil, usageError{errors.New("nothing was given to read")}
		}
		return args, nil
	}
	data, err := d.readList(f.filesFrom, "files")
	if err != nil {
		return nil, err
	}
	paths := slices.Concat(args, splitList(data, f.nul))
	if len(paths) == 0 {
		return nil, inkpool.Errorf(inkpool.CodeNotFound, "the list of --files-from is empty")
	}
	return paths, nil
}

// readList reads a list of that kind of thing from a file, or from standard input.
func (d *door) readList(name, kind string) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(d.stdin)
		return data, listError("standard input", kind, err)
	}
	data, err := os.ReadFile(name)
	return data, listError(name, kind, err)
}

func listError(name, kind string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission):
		return inkpool.Errorf(inkpool.CodePermission, "you may not read the list of %s %q", kind, name).WithCause(err)
	default:
		return inkpool.Errorf(inkpool.CodeNotFound, "the list of %s %q cannot be read", kind, name).
			WithCause(err).WithHint("Check its name.")
	}
}

// splitList returns the paths of a list, one a line, or each before a NUL: the only way to
// name a file with a new line in its name.
func splitList(data []byte, nul bool) []string {
	separator := "\n"
	if nul {
		separator = "\x00"
	}
	var paths []string
	for line := range bytes.SplitSeq(data, []byte(separator)) {
		if !nul {
			line = bytes.TrimSuffix(line, []byte("\r"))
		}
		if len(line) > 0 {
			paths = append(paths, string(line))
		}
	}
	return paths
}

// namesAsTyped names tasks by the paths that a person typed: "scans/1.png" for a file in
// the folder "scans", wherever that is.
func namesAsTyped(paths []string) func(inkpool.Task) string {
	typed := map[string]string{} // absolute → as typed
	for _, p := range paths {
		if abs, err := filepath.Abs(p); err == nil && p != "" {
			typed[abs] = p
		}
	}
	return func(t inkpool.Task) string {
		for root := t.Path; ; root = filepath.Dir(root) {
			if p, ok := typed[root]; ok {
				return below(p, t.Path[len(root):])
			}
			if root == filepath.Dir(root) {
				return t.Path
			}
		}
	}
}

// below joins a path as it was typed, "./scans" or "../scans/", and the rest of one below.
func below(typed, rest string) string {
	const separator = string(filepath.Separator)
	if rest = strings.TrimPrefix(rest, separator); rest == "" {
		return typed
	}
	return strings.TrimSuffix(typed, separator) + separator + rest
}
