package modelpack

import (
	_ "embed"
	"io/fs"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// bundledManifest is the manifest of the bundled pack but for its files, which whoever has
// them lists.
//
//go:embed bundled.json
var bundledManifest []byte

// NotBuiltIn says that this program was built without a bundled pack.
func NotBuiltIn() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelMissing, "this program was built without its models").
		WithHint("Run `make setup` and build it again.")
}

// Bundled returns the pack that is part of the program. list says which of the files belong
// to it.
func Bundled(files fs.FS, list []File) (*Pack, error) {
	var m Manifest
	if err := decodeStrictly(bundledManifest, &m); err != nil {
		return nil, err
	}
	m.Files = list
	if err := m.check(); err != nil {
		return nil, err
	}
	p, err := open(m, files)
	if err != nil {
		return nil, err
	}
	p.Bundled = true
	return p, nil
}
