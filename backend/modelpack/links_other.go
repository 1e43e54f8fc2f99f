//go:build !unix

package modelpack

import "io/fs"

// linksOf is how many names a file has. Here that would take a handle to it; a pack gets a copy
// of its files, which no other name leads to.
func linksOf(fs.FileInfo) uint64 { return 1 }
