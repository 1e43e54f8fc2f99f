package modelpack

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Added is what became of files that were to be a pack.
type Added struct {
	Pack    *Pack
	Already bool // it was there before, with the same content
}

// Add makes a pack of a folder, a zip, one .onnx with what lies beside it, or several files that
// belong together, and puts it on the shelf. What it is, and which of the files it needs, is
// told by Recognise. Files are copied, and stay as they are where they came from; until all of
// them are there, checked and synced, the shelf stays as it is. progress, if any, is called by
// the goroutine of Add.
//
// Every reason why there can be no such pack is an inkpool.Error: CodeUnsupportedFormat is for
// what is no model that Inkpool runs, CodeInvalid for files that lead elsewhere and for wishes
// that cannot be, CodeTooLarge, CodeModelCorrupt, CodeConflict where another content has that
// id and version, and those of the disk.
func (s Shelf) Add(ctx context.Context, paths []string, wish Wish, progress func(done, total int64)) (_ Added, err error) {
	src, err := openSource(paths)
	if err != nil {
		return Added{}, err
	}
	defer func() { err = errors.Join(err, src.close()) }()
	m, err := src.recognise(wish)
	if err != nil {
		return Added{}, err
	}
	if err := s.checkPlace(m.About); err != nil {
		return Added{}, err
	}
	if m.Files, err = src.withWeights(m); err != nil {
		return Added{}, err
	}
	stage, err := openStaging(ctx, s.Dir)
	if err != nil {
		return Added{}, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	if m, err = stage.fill(ctx, src.contents, m, progress); err != nil {
		return Added{}, err
	}
	return s.place(ctx, stage, m)
}

// checkPlace reports whether there may be a pack of that id and version.
func (s Shelf) checkPlace(a About) error {
	switch {
	case !isID(a.ID):
		return inkpool.Errorf(inkpool.CodeInvalid, "%q cannot be the id of a model pack", a.ID).
			WithHint("Choose one with --id: small letters, digits, dots, dashes, at most 64 of them.")
	case !isVersion(a.Version):
		return inkpool.Errorf(inkpool.CodeInvalid, "%q cannot be a version", a.Version).WithHint("Choose one such as 1.0.0.")
	case s.Bundled != nil && a.ID == s.Bundled.ID:
		return inkpool.Errorf(inkpool.CodeConflict, "%s is part of the program", a.ID).WithHint("Choose another id with --id.")
	}
	return nil
}

// withWeights lists the files of a manifest, and with them those that its models say their
// weights lie in.
func (c contents) withWeights(m Manifest) ([]File, error) {
	for _, f := range slices.Clone(m.Files) {
		if path.Ext(f.Path) != ".onnx" {
			continue
		}
		s, err := inspect(c.files, f.Path)
		if err != nil {
			return nil, err
		}
		for _, x := range s.External {
			p := path.Join(path.Dir(f.Path), x.Location)
			if isInside(x.Location) && c.has(p) && !m.lists(p) {
				m.Files = append(m.Files, File{Path: p})
			}
		}
	}
	return m.Files, nil
}

// fill copies the files of a pack, and checks what lies in the staging then.
func (s *staging) fill(ctx context.Context, c contents, m Manifest, progress func(done, total int64)) (Manifest, error) {
	var total, done int64
	for _, f := range m.Files {
		size, err := sizeOf(c.files, f.Path)
		if err != nil {
			return m, err
		}
		total += size
	}
	if err := CheckRoom(ctx, s.dir, total); err != nil {
		return m, err
	}
	for i, f := range m.Files {
		copied, err := s.copy(ctx, c.files, f, func(n int64) {
			if done += n; progress != nil {
				progress(done, total)
			}
		})
		if err != nil {
			return m, err
		}
		m.Files[i] = copied
	}
	if err := m.check(); err != nil {
		return m, err
	}
	return m, m.checkContents(folder(filepath.Join(s.dir, filepath.FromSlash(stagedPack))))
}

// place puts a pack on the shelf unless it stands there already.
func (s Shelf) place(ctx context.Context, stage *staging, m Manifest) (Added, error) {
	dir := filepath.Join(s.Dir, m.ID, m.Version)
	if _, err := os.Lstat(dir); err == nil {
		there := s.open(m.ID, m.Version)
		if !isSame(there.Pack, m) {
			return Added{}, inkpool.Errorf(inkpool.CodeConflict, "%s %s is installed already, with another content", m.ID, m.Version).
				WithHint("Remove that one first with `inkpool models remove`, or give this one another id with --id.")
		}
		if there.Pack.Verify(ctx) == nil {
			return Added{Pack: there.Pack, Already: true}, nil
		}
		if err := stage.takeAway(m.ID, m.Version); err != nil {
			return Added{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return Added{}, err
	}
	if err := stage.put(m); err != nil {
		return Added{}, err
	}
	found := s.open(m.ID, m.Version)
	return Added{Pack: found.Pack}, found.Err
}

// isSame reports whether an installed pack has the files of a manifest, for the same ends.
func isSame(p *Pack, m Manifest) bool {
	return p != nil && p.Task == m.Task && reflect.DeepEqual(p.Files, m.Files) && reflect.DeepEqual(p.OCR, m.OCR) &&
		reflect.DeepEqual(p.Translation, m.Translation) && reflect.DeepEqual(p.Labelling, m.Labelling)
}
