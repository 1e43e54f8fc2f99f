package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"image/jpeg"
	"strings"

	"github.com/inkpool/inkpool/backend/raster"
)

const (
	overlaySidePx  = 900 // longer side of a picture in the report, at most
	overlayQuality = 60  // of its JPEG, 0..100: letters can be read, and twenty are 2 MB
)

// overlay is a page's picture with the lines that were read drawn over it.
type overlay struct {
	Width, Height int // of the page as it was read, in pixels
	NumberPx      int // height of the numbers of the lines, in the same pixels
	Picture       template.URL
	Lines         []overlayLine
}

// overlayLine is a line at its place in the reading order.
type overlayLine struct {
	Number int    // from 1
	Points string // of its quad, as SVG has it
	X, Y   float64
}

// readPage is what Inkpool says of a page beside its text.
type readPage struct {
	Path     string `json:"path"`
	Page     int    `json:"page"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Rotation int    `json:"rotation"` // degrees clockwise by which the picture was turned
	Lines    []struct {
		Quad [4][2]float64 `json:"quad"` // pixels
	} `json:"lines"`
}

// findPage returns the first page of file in a reader's output. Peers say nothing of lines.
func findPage(output []byte, file string) (readPage, bool) {
	for line := range bytes.Lines(output) {
		var p readPage
		if json.Unmarshal(line, &p) != nil {
			continue
		}
		if path := strings.ReplaceAll(p.Path, `\`, "/"); path == file || strings.HasSuffix(path, "/"+file) {
			return p, true
		}
	}
	return readPage{}, false
}

// drawOverlay decodes the first page of a file and draws p's lines over it. It returns nil for
// what is no picture.
func drawOverlay(ctx context.Context, file string, p readPage) *overlay {
	f, err := openFile(ctx, file)
	if err != nil {
		return nil
	}
	defer f.Close()
	im, err := f.Decode(ctx, 0)
	if err != nil {
		return nil
	}
	im = turned(im, p.Rotation)
	if p.Width == 0 || p.Height == 0 {
		p.Width, p.Height = im.Width, im.Height
	}
	picture, err := dataURL(shrunk(im))
	if err != nil {
		return nil
	}
	o := &overlay{Width: p.Width, Height: p.Height, NumberPx: max(p.Width, p.Height)/45 + 1, Picture: picture}
	for i, line := range p.Lines {
		o.Lines = append(o.Lines, newOverlayLine(i+1, line.Quad))
	}
	return o
}

func newOverlayLine(number int, quad [4][2]float64) overlayLine {
	var points []string
	for _, q := range quad {
		points = append(points, fmt.Sprintf("%.0f,%.0f", q[0], q[1]))
	}
	return overlayLine{Number: number, Points: strings.Join(points, " "), X: quad[0][0], Y: quad[0][1]}
}

// turned returns the picture turned clockwise by 0, 90, 180 or 270 degrees.
func turned(im *raster.Image, degrees int) *raster.Image {
	exif := map[int]int{90: 6, 180: 3, 270: 8} // see raster.Image.Oriented
	return im.Oriented(exif[degrees])
}

func shrunk(im *raster.Image) *raster.Image {
	longer := max(im.Width, im.Height)
	if longer <= overlaySidePx {
		return im
	}
	return im.Resized(max(1, im.Width*overlaySidePx/longer), max(1, im.Height*overlaySidePx/longer))
}

// dataURL is the picture as a JPEG in a URL. What it holds is base64 alone, so it is safe.
func dataURL(im *raster.Image) (template.URL, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im.Std(), &jpeg.Options{Quality: overlayQuality}); err != nil {
		return "", err
	}
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
