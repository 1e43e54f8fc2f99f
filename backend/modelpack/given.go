package modelpack

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Given parts what a person gave at once into what makes packs, each list of paths one of them,
// and the rest, which is there to be read. It looks at names only: whether a pack can be made of
// them shows when it is added.
//
// A folder with a manifest, with a model at its top, or as Hugging Face has them is a pack, and
// so is an archive of one. Beside a model of its own, files of labels and settings belong to it.
func Given(paths []string) (packs [][]string, rest []string) {
	hasModel := slices.ContainsFunc(paths, isModel)
	var files []string
	for _, p := range paths {
		switch info, err := os.Stat(p); {
		case err != nil:
			rest = append(rest, p)
		case info.IsDir() && holdsPack(os.DirFS(p)), !info.IsDir() && isArchiveOfPack(p):
			packs = append(packs, []string{p})
		case !info.IsDir() && hasModel && (isModel(p) || isCompanion(p)):
			files = append(files, p)
		default:
			rest = append(rest, p)
		}
	}
	if len(files) > 0 {
		packs = append(packs, files)
	}
	return packs, rest
}

func isModel(p string) bool { return strings.EqualFold(filepath.Ext(p), ".onnx") }

// isCompanion reports whether a file is of a kind that models need beside them.
func isCompanion(p string) bool {
	kinds := []string{".json", ".txt", ".names", ".spm", ".yaml", ".yml", ".data", ".onnx_data"}
	return slices.Contains(kinds, strings.ToLower(filepath.Ext(p)))
}

// holdsPack reports whether a folder, or the one that is all it has, looks like a pack.
func holdsPack(files fs.FS) bool {
	for range maxDeep {
		inner, err := onlyFolder(files)
		if err != nil {
			return false
		}
		if inner == "" {
			break
		}
		if files, err = fs.Sub(files, inner); err != nil {
			return false
		}
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return false
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return areOfPack(names)
}

// isArchiveOfPack reports whether a file is a zip with a pack in it, or a damaged one that a
// person took for an archive: other documents are zips too.
func isArchiveOfPack(p string) bool {
	if !isZip(p) {
		return false
	}
	src, err := openZip(p)
	if err != nil {
		return strings.EqualFold(filepath.Ext(p), ".zip")
	}
	defer src.close() // only looked at: nothing can be lost
	var top []string
	for _, name := range src.paths {
		first, _, _ := strings.Cut(name, "/")
		top = append(top, first)
	}
	return areOfPack(top)
}

// areOfPack looks at the names at the top of a folder. Folders of models that Inkpool does not
// run count too: whoever gives one learns why it cannot be added.
func areOfPack(names []string) bool {
	if slices.Contains(names, ManifestName) || slices.ContainsFunc(names, isModel) {
		return true
	}
	return slices.Contains(names, configName) && slices.ContainsFunc(names, func(name string) bool {
		return name == "onnx" || path.Ext(name) == ".safetensors" || name == "pytorch_model.bin"
	})
}
