package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/inkpool/inkpool/bench/peer"
)

// findPictures lists the pictures of dir by name, as absolute paths, at most limit of them
// (0: all). What is left out is said on notes.
func findPictures(dir string, limit int, notes io.Writer) ([]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read folder of pictures: %w", err)
	}
	var pictures []string
	for _, e := range entries {
		switch {
		case !e.Type().IsRegular():
		case peer.ReadsAs(e.Name()):
			pictures = append(pictures, filepath.Join(dir, e.Name()))
		default:
			fmt.Fprintf(notes, "peers: left out for all: %s is no JPEG and no PNG\n", e.Name())
		}
	}
	if limit > 0 && len(pictures) > limit {
		pictures = pictures[:limit]
	}
	return pictures, nil
}

// deal shares the pictures out among n processes, so that each gets about as many bytes: the
// largest ones first, each to who has least. No process is left waiting long for another.
func deal(pictures []string, n int) [][]string {
	bySize := slices.Clone(pictures)
	slices.SortStableFunc(bySize, func(a, b string) int { return cmp.Compare(sizeOf(b), sizeOf(a)) })
	hands, held := make([][]string, n), make([]int64, n)
	for _, p := range bySize {
		i := slices.Index(held, slices.Min(held))
		hands[i] = append(hands[i], p)
		held[i] += sizeOf(p) + 1 // so that empty files are dealt out, too
	}
	return hands
}

// sizeOf is a file's size in bytes, 0 where there is none: then its reader says what is wrong.
func sizeOf(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// without returns the pictures that are not among left.
func without(pictures, left []string) []string {
	return slices.DeleteFunc(slices.Clone(pictures), func(p string) bool { return slices.Contains(left, p) })
}
