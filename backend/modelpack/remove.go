package modelpack

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Remove takes versions of a pack off the shelf: the one that is named, else all of them. It
// returns those that are gone. A version loses its name before its files, so that nobody finds
// half of one; whoever has opened it keeps it, except on Windows, where a file in use cannot be
// removed. CodeModelMissing says that there is none, CodeConflict that it is the bundled one.
func (s Shelf) Remove(ctx context.Context, id, version string) (removed []string, err error) {
	if s.Bundled != nil && id == s.Bundled.ID {
		return nil, inkpool.Errorf(inkpool.CodeConflict, "%s is part of the program and cannot be removed", id)
	}
	if !isID(id) || version != "" && !isVersion(version) {
		return nil, missing(id)
	}
	versions, err := s.versions(id)
	if err != nil {
		return nil, err
	}
	if version != "" {
		if _, err := os.Lstat(filepath.Join(s.Dir, id, version)); errors.Is(err, fs.ErrNotExist) {
			return nil, missing(id + " " + version)
		}
		versions = []string{version}
	}
	if len(versions) == 0 {
		return nil, missing(id)
	}
	stage, err := openStaging(ctx, s.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	for _, v := range versions {
		if err := stage.takeAway(id, v); err != nil {
			return removed, err
		}
		removed = append(removed, v)
	}
	_ = stage.root.Remove(id) // other versions keep it
	return removed, nil
}
