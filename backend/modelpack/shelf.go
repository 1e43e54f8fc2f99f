package modelpack

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Shelf is where packs stand. The zero value is empty.
type Shelf struct {
	Bundled *Pack  // nil: this program was built without one
	Dir     string // of installed packs; empty, or not there: none
}

// Found is a version of a pack on the shelf.
type Found struct {
	ID, Version string
	Dir         string // empty for the bundled one
	Pack        *Pack  // nil when it cannot be used
	Err         error  // why not
}

// Find returns a pack by its id: the bundled one for an empty id or its own, else the newest
// version of those installed. CodeModelMissing says that there is none; a damaged one is
// CodeModelCorrupt, also where an older version is whole.
func (s Shelf) Find(id string) (*Pack, error) {
	if s.Bundled != nil && (id == "" || id == s.Bundled.ID) {
		return s.Bundled, nil
	}
	if id == "" {
		return nil, NotBuiltIn()
	}
	if !isID(id) {
		return nil, missing(id)
	}
	versions, err := s.versions(id)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, missing(id)
	}
	newest := s.open(id, versions[0])
	return newest.Pack, newest.Err
}

// FindVersion returns one version of an installed pack. Its errors are those of Find.
func (s Shelf) FindVersion(id, version string) (*Pack, error) {
	if !isID(id) {
		return nil, missing(id)
	}
	versions, err := s.versions(id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(versions, version) {
		return nil, missing(id)
	}
	found := s.open(id, version)
	return found.Pack, found.Err
}

func missing(id string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelMissing, "the model pack %q is not installed", id).
		WithHint("See which there are with `inkpool models list`, and choose one of those.")
}

// List returns the bundled pack and every version of every installed one, by id, the newest
// version first. Damaged ones are there too, with what is wrong.
func (s Shelf) List() ([]Found, error) {
	var all []Found
	if s.Bundled != nil {
		all = append(all, Found{ID: s.Bundled.ID, Version: s.Bundled.Version, Pack: s.Bundled})
	}
	ids, err := folders(s.Dir, isID)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		versions, err := s.versions(id)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			all = append(all, s.open(id, v))
		}
	}
	return all, nil
}

// versions lists the installed versions of a pack, the newest first.
func (s Shelf) versions(id string) ([]string, error) {
	if s.Dir == "" {
		return nil, nil
	}
	versions, err := folders(filepath.Join(s.Dir, id), isVersion)
	slices.SortFunc(versions, func(a, b string) int { return compareVersions(b, a) })
	return versions, err
}

// open opens an installed version of a pack.
func (s Shelf) open(id, version string) Found {
	f := Found{ID: id, Version: version, Dir: filepath.Join(s.Dir, id, version)}
	p, err := Open(folder(f.Dir))
	if err != nil {
		f.Err = err
		return f
	}
	if p.ID == "" { // it came without a manifest
		p.ID, p.Version = id, version
	}
	if p.ID != id || p.Version != version {
		f.Err = damaged("it lies in the folder of %s %s, and says that it is %s %s", id, version, p.ID, p.Version)
		return f
	}
	p.Dir = f.Dir
	f.Pack = p
	return f
}

// folders lists the names of folders in dir that have the right form, sorted. None there is
// no error. Others, such as those of a download that was cut off, are passed over.
func folders(dir string, form func(string) bool) ([]string, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, inkpool.Errorf(inkpool.CodeUnavailable, "the folder of models %s cannot be read", dir).
			WithCause(err).WithHint("Check that the disk is connected, and that you may read the folder.")
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && form(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// compareVersions compares part by part, numbers as numbers: 3.9.2 is older than 3.10.0.
func compareVersions(a, b string) int {
	split := func(r rune) bool { return strings.ContainsRune(".-+_", r) }
	x, y := strings.FieldsFunc(a, split), strings.FieldsFunc(b, split)
	for i := range min(len(x), len(y)) {
		n, errN := strconv.ParseUint(x[i], 10, 64)
		m, errM := strconv.ParseUint(y[i], 10, 64)
		order := strings.Compare(x[i], y[i])
		if errN == nil && errM == nil {
			order = cmp.Compare(n, m)
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}
