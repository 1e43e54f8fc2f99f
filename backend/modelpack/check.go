package modelpack

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// opsets are the sets of operators that models may use, with the newest version of each that
// the bundled ONNX Runtime (1.30) runs: see docs/decisions/0015-downloads.md. Operators of
// other domains come with libraries, and those run as this program.
var opsets = map[string]int64{graph.ONNX: 26, "ai.onnx.ml": 5, "com.microsoft": 1}

// checkContents reports whether the files of a pack are what the manifest says, as far as that
// can be told without running them: the structure of all models, and that no other file is
// something else than its name says.
func (m Manifest) checkContents(files fs.FS) error {
	for _, f := range m.Files {
		if path.Ext(f.Path) == ".onnx" {
			if _, err := m.checkModel(files, f.Path); err != nil {
				return err
			}
			continue
		}
		head, err := beginning(files, f.Path)
		if err != nil {
			return unreadable(err)
		}
		if err := foreign(path.Base(f.Path), head, nil); err != nil && !isWeights(f.Path) {
			return err
		}
	}
	return nil
}

// isWeights reports whether a file has numbers in it, which may begin in any way.
func isWeights(p string) bool {
	return !slices.Contains([]string{".json", ".spm", ".txt", ".model"}, path.Ext(p))
}

// Model returns what a model of the pack says about itself, once it is known to be one that the
// runtime may see: also of packs that somebody has put on the shelf by hand.
func (p *Pack) Model(name string) (graph.Description, error) {
	s, err := p.checkModel(p.files, name)
	return s.Description, err
}

// checkModel reports whether a model is one that the runtime may see, and what it consists of.
func (m Manifest) checkModel(files fs.FS, name string) (graph.Structure, error) {
	s, err := inspect(files, name)
	if err == nil {
		err = m.checkStructure(name, s)
	}
	return s, err
}

func (m Manifest) checkStructure(name string, s graph.Structure) error {
	base := path.Base(name)
	for _, domain := range s.Domains {
		if _, ok := opsets[domain]; !ok {
			return unsupported("%s uses operators of %q, which Inkpool does not have", base, domain).
				WithHint("Get the model with operators of ONNX alone.")
		}
	}
	for domain, newest := range opsets {
		if s.Opsets[domain] > newest {
			return unsupported("%s was made for version %d of the operators %s; this Inkpool knows %d", base, s.Opsets[domain], domain, newest).
				WithHint("Install a newer Inkpool, or export the model for an older version.")
		}
	}
	for _, v := range slices.Concat(s.Inputs, s.Outputs) {
		if v.Type == graph.Float16 {
			return unsupported("%s is in half precision, which Inkpool does not run", base).WithHint("Get it with numbers of 32 bits, or quantised.")
		}
	}
	return m.checkExternal(name, s.External)
}

// checkExternal reports whether the weights that lie outside of a model lie within its pack.
func (m Manifest) checkExternal(model string, external []graph.External) error {
	base := path.Base(model)
	for _, x := range external {
		p := path.Join(path.Dir(model), x.Location)
		if !isInside(x.Location) || !isInside(p) || strings.HasPrefix(x.Location, ManifestName) {
			return unsafe("%s looks for its weights outside of its folder: %q", base, x.Location).WithHint("Do not trust where it comes from.")
		}
		f, ok := m.file(p)
		switch {
		case !ok:
			return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s has its weights in %s, which is not here", base, x.Location).
				WithHint("Get that file too, and put it beside the model.")
		case f.Size < x.Size:
			return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s has %d bytes, and %s needs %d of it", x.Location, f.Size, base, x.Size).WithHint("Get it again.")
		case m.Task == TaskOCR:
			return unsupported("%s has its weights in a file of their own", base).WithHint("Get it as one file.")
		}
	}
	return nil
}
