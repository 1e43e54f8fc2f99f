package main

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/raster"
	"github.com/inkpool/inkpool/bench/peer"
)

// picture is a page of a collection as the peers are given it.
type picture struct {
	file  string // of the collection
	given string // the same, or a PNG made from it
	lang  string // as the index says it
}

// pictures are the collection's pages as every peer can read them: what is neither JPEG nor
// PNG becomes one PNG per page, upright. remove deletes these. A file that cannot be decoded
// is given as it is.
func (c collection) pictures() (list []picture, remove func(), err error) {
	dir, err := os.MkdirTemp("", "eval-*")
	if err != nil {
		return nil, nil, err
	}
	for i, file := range c.files() {
		given := []string{file}
		if !peer.ReadsAs(file) {
			given = convert(file, filepath.Join(dir, fmt.Sprint(i)))
		}
		for _, name := range given {
			list = append(list, picture{file: file, given: name, lang: c.pages[i].Lang})
		}
	}
	return list, func() { os.RemoveAll(dir) }, nil
}

// convert writes the pages of file as PNGs whose names begin with prefix, and returns these:
// file itself if that does not work.
func convert(file, prefix string) []string {
	ctx := context.Background()
	f, err := openFile(ctx, file)
	if err != nil {
		return []string{file}
	}
	defer f.Close()
	var names []string
	for page := range f.Pages() {
		im, err := f.Decode(ctx, page)
		name := fmt.Sprintf("%s-%d.png", prefix, page)
		if err != nil || writePNG(name, im) != nil {
			return []string{file}
		}
		names = append(names, name)
	}
	return names
}

func openFile(ctx context.Context, file string) (*document.File, error) {
	data, err := document.Load(file, document.Limits{})
	if err != nil {
		return nil, err
	}
	return document.Opener{}.Open(ctx, data, nil)
}

func writePNG(name string, im *raster.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, im.Std()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
