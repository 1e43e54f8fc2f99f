// Package bundle holds the files that are built into the program: the ONNX Runtime library
// of the platform and the models of the bundled pack.
//
// A Bundle is read-only and safe for concurrent use. Models are read straight from the
// program; only the library must lie in a file, because the system loads it from there.
// The package never touches the network, and hashes nothing at run time: the files were
// checked when they were fetched, and the unpacked name carries the hash.
package bundle

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/inkpool/inkpool/backend/durable"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// files is filled by `make setup` (build/bundle/fetch.mjs); a fresh clone has a README only.
//
//go:embed all:files
var files embed.FS

// Bundle is a set of files with their manifest.
type Bundle struct {
	files    fs.FS
	manifest manifest
}

// manifest is written by build/bundle/fetch.mjs.
type manifest struct {
	ID      string `json:"id"`      // SHA-256, hexadecimal, of all names and hashes
	Library string `json:"library"` // name of the ONNX Runtime library
	Files   []struct {
		Name   string `json:"name"`
		SHA256 string `json:"sha256"`
		Size   int64  `json:"size"`
	} `json:"files"`
}

// Embedded returns what was built into this program, or a CodeModelMissing error when it
// was built before `make setup` had run.
func Embedded() (*Bundle, error) {
	sub, err := fs.Sub(files, "files")
	if err != nil {
		return nil, fmt.Errorf("open embedded files: %w", err)
	}
	return Open(sub)
}

// Open reads a bundle from a file system with a manifest.json at its root. It returns
// CodeModelMissing when there is none and CodeModelCorrupt when it does not fit the files.
func Open(files fs.FS) (*Bundle, error) {
	data, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, modelpack.NotBuiltIn()
	}
	if err != nil {
		return nil, fmt.Errorf("read bundle manifest: %w", err)
	}
	b := &Bundle{files: files}
	if err := json.Unmarshal(data, &b.manifest); err != nil {
		return nil, corrupt("its list of models cannot be read").WithCause(err)
	}
	for _, f := range b.manifest.Files {
		info, err := fs.Stat(files, f.Name)
		if err != nil || info.Size() != f.Size {
			return nil, corrupt("the built-in file " + f.Name + " is not complete").WithCause(err)
		}
	}
	return b, nil
}

// ID is the SHA-256 over all names and hashes: it changes when any file does.
func (b *Bundle) ID() string { return b.manifest.ID }

// ReadFile returns a file of the bundle, such as "ocr/det.onnx".
func (b *Bundle) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(b.files, name)
	if err != nil {
		return nil, corrupt("the built-in file " + name + " is missing").WithCause(err)
	}
	return data, nil
}

// packFolder has the files of the bundled model pack.
const packFolder = "ocr/"

// Pack returns the bundled model pack. CodeModelCorrupt says that its files are not there.
func (b *Bundle) Pack() (*modelpack.Pack, error) {
	var list []modelpack.File
	for _, f := range b.manifest.Files {
		if strings.HasPrefix(f.Name, packFolder) {
			list = append(list, modelpack.File{Path: f.Name, Size: f.Size, SHA256: f.SHA256})
		}
	}
	p, err := modelpack.Bundled(b.files, list)
	if err != nil {
		return nil, corrupt("its models are not complete").WithCause(err)
	}
	return p, nil
}

// UnpackLibrary puts the runtime library under dir, unless a file of that hash and size is
// there already, and returns its path. Any number of processes may do so at once: each
// writes a file of its own and renames it.
func (b *Bundle) UnpackLibrary(dir string) (string, error) {
	entry, err := b.libraryEntry()
	if err != nil {
		return "", err
	}
	target := filepath.Join(dir, "runtime-"+entry.sha[:16], path.Base(b.manifest.Library))
	if info, err := os.Stat(target); err == nil && info.Mode().IsRegular() && info.Size() == entry.size {
		return target, nil
	}
	data, err := b.ReadFile(b.manifest.Library)
	if err != nil {
		return "", err
	}
	if err := write(target, data); err != nil {
		return "", unpackError(dir, err)
	}
	return target, nil
}

type libraryEntry struct {
	sha  string
	size int64
}

func (b *Bundle) libraryEntry() (libraryEntry, error) {
	for _, f := range b.manifest.Files {
		if f.Name == b.manifest.Library && len(f.SHA256) == 64 {
			return libraryEntry{sha: f.SHA256, size: f.Size}, nil
		}
	}
	return libraryEntry{}, corrupt("its list of models names no runtime library")
}

// write puts data into a file, and makes its folder if need be.
func write(target string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	return durable.Replace(target, ".unpack-*", data)
}

func corrupt(what string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "this program is damaged: %s", what).
		WithHint("Install Inkpool again.")
}

func unpackError(dir string, err error) error {
	e := inkpool.Errorf(inkpool.CodeUnavailable, "the runtime library cannot be unpacked in %s", dir).
		WithHint("Check that the disk is connected and healthy, or set XDG_CACHE_HOME to another folder.")
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e = inkpool.Errorf(inkpool.CodeDiskFull, "there is no room to unpack the runtime library in %s", dir).
			WithHint("Free about 50 MB and try again.")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e = inkpool.Errorf(inkpool.CodePermission, "the runtime library may not be unpacked in %s", dir).
			WithHint("Make that folder writable, or set XDG_CACHE_HOME to another one.")
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist), errors.Is(err, syscall.EISDIR):
		e = inkpool.Errorf(inkpool.CodeConflict, "the runtime library cannot be unpacked in %s, where something is in the way", dir).
			WithHint("Remove that folder, which holds nothing of yours, or set XDG_CACHE_HOME to another one.")
	}
	return e.WithCause(err)
}
