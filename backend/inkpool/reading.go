package inkpool

import (
	"math"
	"slices"
)

// Reading says how the pages of a job are read. The zero value suits most pages. Its JSON is
// what doors show, settings files hold and histories store.
type Reading struct {
	Pack       string     `json:"pack,omitempty"`        // id of the model pack that reads; empty: the bundled one
	Layout     Layout     `json:"layout,omitempty"`      // how lines become a page's text; empty: LayoutLines
	Source     TextSource `json:"source,omitempty"`      // which text of a page that carries its own; empty: SourceMixed
	Ignore     []Region   `json:"ignore,omitempty"`      // parts of every page that are left out
	Upright    bool       `json:"upright,omitempty"`     // everything stands upright: nothing is turned to be read
	DetectSide int        `json:"detect_side,omitempty"` // pixels to which a page's longer side is shrunk to find lines; 0: chosen by page
	BoxScore   float64    `json:"box_score,omitempty"`   // 0..1; how likely text a line must be to be read; 0: the pack's
	TextScore  float64    `json:"text_score,omitempty"`  // 0..1; how sure its characters must be for a line to be kept; 0: the pack's
}

// Layout says how the lines of a page become its text. Lines are in reading order but for
// LayoutRaw.
type Layout string

// The layouts.
const (
	LayoutLines      Layout = "lines"      // "\n" between lines, a tab between cells of a row, a blank line between blocks
	LayoutParagraphs Layout = "paragraphs" // the lines of a paragraph joined
	LayoutSingle     Layout = "single"     // everything in one line
	LayoutCode       Layout = "code"       // one column, with the indentation and the gaps of the page as spaces
	LayoutRaw        Layout = "raw"        // as found: from top to bottom, not ordered
)

// Layouts lists all layouts, the default first.
func Layouts() []Layout {
	return []Layout{LayoutLines, LayoutParagraphs, LayoutSingle, LayoutCode, LayoutRaw}
}

// TextSource says where the text of a page comes from that may carry its own, as those of PDF
// documents do.
type TextSource string

// The sources of a page's text.
const (
	SourceMixed   TextSource = "mixed" // its own where that is sound, recognised elsewhere
	SourceImage   TextSource = "image" // always recognised
	SourceCarried TextSource = "text"  // never recognised
)

// TextSources lists all sources, the default first.
func TextSources() []TextSource {
	return []TextSource{SourceMixed, SourceImage, SourceCarried}
}

// Region is a rectangle on a page in parts of its upright width and height, 0..1, origin
// top-left: the same region fits pages of all sizes.
type Region struct {
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Right  float64 `json:"right"`
	Bottom float64 `json:"bottom"`
}

// Covers reports whether the middle of a line lies in the region of a page of that size.
func (r Region) Covers(q Quad, widthPx, heightPx int) bool {
	at := q.Middle()
	x, y := at.X/math.Max(1, float64(widthPx)), at.Y/math.Max(1, float64(heightPx))
	return x >= r.Left && x <= r.Right && y >= r.Top && y <= r.Bottom
}

// Ignores reports whether a line is to be left out of a page of that size.
func (r Reading) Ignores(q Quad, widthPx, heightPx int) bool {
	return slices.ContainsFunc(r.Ignore, func(one Region) bool { return one.Covers(q, widthPx, heightPx) })
}

// Check returns CodeInvalid for values that no page can be read with, and nil otherwise.
func (r Reading) Check() *Error {
	switch {
	case r.Layout != "" && !slices.Contains(Layouts(), r.Layout):
		return Errorf(CodeInvalid, "there is no layout %q", string(r.Layout)).
			WithHint("Layouts are lines, paragraphs, single, code and raw.")
	case r.Source != "" && !slices.Contains(TextSources(), r.Source):
		return Errorf(CodeInvalid, "there is no text source %q", string(r.Source)).
			WithHint("Sources are mixed, image and text.")
	case r.DetectSide != 0 && (r.DetectSide < MinDetectSide || r.DetectSide > MaxDetectSide):
		return Errorf(CodeInvalid, "the side for finding lines must be %d to %d pixels", MinDetectSide, MaxDetectSide)
	case !isShare(r.BoxScore) || !isShare(r.TextScore):
		return Errorf(CodeInvalid, "a score must lie between 0 and 1")
	}
	for _, one := range r.Ignore {
		if !one.valid() {
			return Errorf(CodeInvalid, "a region to ignore must have left < right and top < bottom, from 0 to 1")
		}
	}
	return nil
}

// What Reading.DetectSide may be, in pixels. Below it no line is found on a page of text;
// above it one detection takes more than a gigabyte.
const (
	MinDetectSide = 320
	MaxDetectSide = 2560
)

func (r Region) valid() bool {
	return isShare(r.Left) && isShare(r.Right) && isShare(r.Top) && isShare(r.Bottom) &&
		r.Left < r.Right && r.Top < r.Bottom
}

func isShare(v float64) bool { return v >= 0 && v <= 1 } // false for NaN

// Request is what a person wants to have read.
type Request struct {
	Paths   []string  // files and folders, at least one
	Title   string    // what a person recognises them by; empty: the name of the first path
	Pages   PageRange // of files that have more than one
	Reading Reading
	Steps   Steps
	Secrets []string // passwords of locked documents among them
}
