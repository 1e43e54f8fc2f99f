// Package modelpack describes packs of models: which files belong to one, what they must be,
// and the numbers that a pipeline needs to run them.
//
// A Manifest, the file inkpool.json of a pack, says all of it. A Pack is a manifest with its
// files, wherever they lie: in a folder or in the program. A Shelf is where packs stand: the
// bundled one, and a folder of installed ones, packs/<id>/<version>/. The Catalogue lists
// packs that can be had. A folder with a set of PP-OCR models and no manifest is a pack too.
//
// Add and Remove change the shelf, by one process at a time; a pack that stands there is never
// changed. All values are safe for concurrent use. The package looks at the structure of models
// but runs none, and never touches the network.
package modelpack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// ManifestName is the manifest's file in a pack.
const ManifestName = "inkpool.json"

// Pack is a set of models with their manifest.
type Pack struct {
	Manifest
	Bundled bool   // part of the program
	Dir     string // folder of an installed one; empty for others
	files   fs.FS
}

// Open reads a pack. Without a manifest, files that make up a set of PP-OCR models are one:
// see plain.go. All files of the manifest must be there, regular and of the right size, else
// the error is CodeModelCorrupt; CodeModelMissing says that there is no pack at all.
// What the files contain is not looked at: Verify does.
func Open(files fs.FS) (*Pack, error) {
	data, err := readSmall(files, ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return openPlain(files)
	}
	if err != nil {
		return nil, damaged("its manifest cannot be read").WithCause(err)
	}
	m, err := Parse(data)
	if err != nil {
		return nil, err
	}
	return open(m, files)
}

// open checks that the files of a manifest are there.
func open(m Manifest, files fs.FS) (*Pack, error) {
	for _, f := range m.Files {
		size, err := sizeOf(files, f.Path)
		if err != nil {
			return nil, err
		}
		if size != f.Size {
			return nil, damaged("%s has %d bytes instead of %d", f.Path, size, f.Size)
		}
	}
	return &Pack{Manifest: m, files: files}, nil
}

// sizeOf is the size of a regular file of a pack.
func sizeOf(files fs.FS, name string) (int64, error) {
	info, err := fs.Stat(files, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, damaged("%s is missing", name).WithCause(err)
	case err != nil:
		return 0, damaged("%s cannot be read", name).WithCause(err)
	case !info.Mode().IsRegular():
		return 0, damaged("%s is no file", name)
	}
	return info.Size(), nil
}

// ReadFile returns a file that the manifest names. CodeModelCorrupt says that it is no longer
// what it was when the pack was opened.
func (p *Pack) ReadFile(name string) ([]byte, error) {
	entry, ok := p.file(name)
	if !ok {
		return nil, damaged("its manifest does not list %s", name)
	}
	data, err := fs.ReadFile(p.files, name)
	if err != nil {
		return nil, damaged("%s cannot be read", name).WithCause(err)
	}
	if int64(len(data)) != entry.Size {
		return nil, damaged("%s has %d bytes instead of %d", name, len(data), entry.Size)
	}
	return data, nil
}

// Path is where on the disk a file lies that the manifest names; ok is false for a pack that
// is not installed. Large models are loaded from there: ONNX Runtime finds weights that lie
// in files of their own beside them.
func (p *Pack) Path(name string) (path string, ok bool) {
	if _, listed := p.file(name); p.Dir == "" || !listed {
		return "", false
	}
	return filepath.Join(p.Dir, filepath.FromSlash(name)), true
}

// Verify compares all files with their SHA-256. A pack without a manifest has none to compare
// with: of that one, Verify only reads the files.
func (p *Pack) Verify(ctx context.Context) error {
	for _, entry := range p.Files {
		if err := p.verify(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pack) verify(ctx context.Context, entry File) error {
	f, err := p.files.Open(entry.Path)
	if err != nil {
		return damaged("%s cannot be read", entry.Path).WithCause(err)
	}
	defer f.Close()
	hash := sha256.New()
	n, err := copyBytes(ctx, hash, f, nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return damaged("%s cannot be read", entry.Path).WithCause(err)
	case n != entry.Size:
		return damaged("%s has %d bytes instead of %d", entry.Path, n, entry.Size)
	case entry.SHA256 != "" && hex.EncodeToString(hash.Sum(nil)) != entry.SHA256:
		return damaged("%s is not the file that was published: its SHA-256 differs", entry.Path)
	}
	return nil
}

// copyBytes copies until the end of from, unless ctx ends first, and tells how many bytes more
// there are.
func copyBytes(ctx context.Context, to io.Writer, from io.Reader, more func(n int64)) (sum int64, err error) {
	buffer := make([]byte, 1<<18)
	for {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		n, err := from.Read(buffer)
		if _, errWrite := to.Write(buffer[:n]); errWrite != nil {
			return sum, errWrite
		}
		if sum += int64(n); more != nil && n > 0 {
			more(int64(n))
		}
		if errors.Is(err, io.EOF) {
			return sum, nil
		}
		if err != nil {
			return sum, err
		}
	}
}

// Size is how many bytes all files have together.
func (p *Pack) Size() int64 {
	var sum int64
	for _, f := range p.Files {
		sum += f.Size
	}
	return sum
}

// maxSmall is far above any manifest.
const maxSmall = 1 << 20

// readSmall reads a file that a person may have written.
func readSmall(files fs.FS, name string) ([]byte, error) { return readUpTo(files, name, maxSmall) }

// damaged says what is wrong with a pack.
func damaged(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "this model pack is damaged: "+format, args...).
		WithHint("Remove it and install it again.")
}
