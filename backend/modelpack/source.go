package modelpack

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// source is what a pack is made of: files on the disk or in an archive. Its owner closes it.
type source struct {
	contents
	close func() error
}

// openSource opens a folder, a zip, one model with what lies beside it, or several files that
// belong together. Nothing in it leads out of it: links, and all that is neither a file nor a
// folder, are refused.
func openSource(paths []string) (source, error) {
	if len(paths) != 1 {
		return openFiles(paths)
	}
	info, err := os.Stat(paths[0])
	switch {
	case err != nil:
		return source{}, unreadable(err)
	case info.IsDir():
		return openFolder(paths[0])
	case !info.Mode().IsRegular():
		return source{}, noFile(line(filepath.Base(paths[0])))
	case isZip(paths[0]):
		return openZip(paths[0])
	default:
		return openFiles(withNeighbours(paths[0]))
	}
}

// Sources tells which of several paths make a pack together: files do, unless they are
// archives; folders and archives are packs of their own.
func Sources(paths []string) [][]string {
	var files []string
	var all [][]string
	for _, p := range paths {
		if info, err := os.Stat(p); err != nil || info.IsDir() || isZip(p) {
			all = append(all, []string{p})
		} else {
			files = append(files, p)
		}
	}
	if len(files) > 0 {
		all = append(all, files)
	}
	return all
}

// baseName is the name of a file or folder, also of "." and of a path with a separator at its
// end.
func baseName(p string) string {
	if whole, err := filepath.Abs(p); err == nil {
		p = whole
	}
	return filepath.Base(p)
}

func openFolder(dir string) (source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return source{}, unreadable(err)
	}
	if err := checkFolder(root.FS()); err != nil {
		return source{}, errors.Join(err, root.Close())
	}
	c, err := listContents(root.FS(), baseName(dir))
	if err == nil {
		err = checkNames(c.paths)
	}
	if err != nil {
		return source{}, errors.Join(err, root.Close())
	}
	return source{contents: c, close: root.Close}, nil
}

// checkFolder refuses links and whatever is no file.
func checkFolder(files fs.FS) error {
	entries := 0
	err := fs.WalkDir(files, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != "." && isHidden(p) {
			return skip(e)
		}
		if entries++; entries > maxEntries {
			return tooMany()
		}
		if e.IsDir() {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return checkFile(path.Base(p), info)
	})
	if err != nil {
		return unreadable(err)
	}
	return nil
}

// checkFile refuses what is not a file of its own.
func checkFile(name string, info fs.FileInfo) error {
	name = line(name)
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return unsafe("%s is a link", name).WithHint("Copy the folder in a way that copies the files themselves, such as cp -rL.")
	case !info.Mode().IsRegular():
		return noFile(name)
	case linksOf(info) > 1:
		return unsafe("%s is a hard link: the same file has another name elsewhere", name).
			WithHint("Copy the folder to another place and add the copy.")
	}
	return nil
}

func noFile(name string) *inkpool.Error {
	return unsafe("%s is neither a file nor a folder", name).WithHint("Remove it from the folder.")
}

// unsafe says that files would do what models have no reason to do.
func unsafe(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, format, args...)
}

// checkNames refuses paths of files that are one on some systems, and files in whose place
// others have a folder.
func checkNames(files []string) error {
	isFile := map[string]bool{} // by path in small letters; folders are false
	for _, p := range files {
		key := strings.ToLower(p)
		if _, taken := isFile[key]; taken {
			return unsafe("it has two files or folders of the name %s, or names that are one on some computers", p).WithHint("Remove one of them.")
		}
		isFile[key] = true
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if isFile[dir] {
				return unsafe("it has two files or folders of the name %s", dir).WithHint("Remove one of them.")
			}
			isFile[dir] = false
		}
	}
	return nil
}

// openFiles makes a source of files by their own names.
func openFiles(paths []string) (source, error) {
	picked := pickedFiles{}
	c := contents{files: picked}
	for _, p := range paths {
		info, err := os.Lstat(p)
		if err != nil {
			return source{}, unreadable(err)
		}
		base := filepath.Base(p)
		if err := checkFile(base, info); err != nil {
			return source{}, err
		}
		picked[base] = p
		c.paths = append(c.paths, base)
		if c.name == "" || path.Ext(base) == ".onnx" {
			c.name = strings.TrimSuffix(base, filepath.Ext(base))
		}
	}
	slices.Sort(c.paths)
	if err := checkNames(c.paths); err != nil {
		return source{}, err
	}
	return source{contents: c, close: func() error { return nil }}, nil
}

// pickedFiles are files on the disk by the names that they have in a pack.
type pickedFiles map[string]string

// Open implements fs.FS.
func (p pickedFiles) Open(name string) (fs.File, error) {
	at, ok := p[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(at)
}

// neighbours are what may lie beside a model and belong to it, whatever else is in the folder.
var neighbours = slices.Concat(labelNames, []string{configName, "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "preprocessor_config.json"})

// withNeighbours adds to the path of a model those of the files beside it that belong to it.
func withNeighbours(p string) []string {
	if strings.ToLower(filepath.Ext(p)) != ".onnx" {
		return []string{p}
	}
	paths, dir, base := []string{p}, filepath.Dir(p), filepath.Base(p)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return paths // the file itself can be read, perhaps
	}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, e := range entries {
		name := e.Name()
		rest, named := strings.CutPrefix(name, stem)
		own := named && slices.Contains([]string{".txt", ".names", ".labels.txt", "_labels.txt", ".onnx.data", ".onnx_data", ".data"}, rest)
		if own || slices.Contains(neighbours, name) {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}

// isZip looks at how a file begins.
func isZip(p string) bool {
	f, err := os.Open(p)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(f, head)
	return err == nil && (string(head) == "PK\x03\x04" || string(head) == "PK\x05\x06")
}
