package main

import (
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkpool/inkpool/backend/score"
)

func TestPicturesForPeers(t *testing.T) {
	c := collection{dir: filepath.Join("..", "..", "..", "samples"), pages: []score.Page{
		{File: "poster.jpg", Lang: "en"}, {File: "slide.gif", Lang: "zh"}, {File: "note-english.txt"},
	}}
	pictures, remove, err := c.pictures()
	if err != nil {
		t.Fatal(err)
	}
	if len(pictures) != len(c.pages) {
		t.Fatalf("got %d pictures, want %d", len(pictures), len(c.pages))
	}
	for i, made := range []bool{false, true, false} { // a text cannot be made a picture
		p := pictures[i]
		if p.file != c.files()[i] || p.lang != c.pages[i].Lang || made == (p.given == p.file) {
			t.Errorf("%s: got %+v, want a PNG made: %v", c.pages[i].File, p, made)
		}
		if made {
			checkPNG(t, p.given)
		}
	}
	remove()
	if _, err := os.Stat(pictures[1].given); !os.IsNotExist(err) {
		t.Errorf("got %v, want the PNG to be gone", err)
	}
	if _, err := os.Stat(pictures[0].given); err != nil {
		t.Errorf("got %v, want the sample to be there still", err)
	}
}

func checkPNG(t *testing.T, name string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.DecodeConfig(f); err != nil {
		t.Errorf("%s: got %v, want a PNG", name, err)
	}
}
