package desktop

import (
	"os"
	"path/filepath"
)

// repairPaths joins what Wails has torn apart: it hands dropped paths over as one text with
// a line per path, so a name that holds a newline arrives as two. A piece that is no
// absolute path is glued to the one before it when that gives a file that exists.
func repairPaths(pieces []string) []string {
	var paths []string
	for _, p := range pieces {
		if len(paths) > 0 && !filepath.IsAbs(p) {
			if glued := paths[len(paths)-1] + "\n" + p; exists(glued) || !exists(p) {
				paths[len(paths)-1] = glued
				continue
			}
		}
		paths = append(paths, p)
	}
	return paths
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
