package inkpool

import "time"

// Result is what came out of a task.
type Result struct {
	Kind     Kind
	WidthPx  int    // of the upright page; 0 for texts
	HeightPx int    // of the upright page; 0 for texts
	Rotation int    // degrees clockwise by which the page was turned to stand upright, beyond what the file itself says: 0, 90, 180, 270
	Text     string // the lines as the task's Layout says
	Lines    []Line // in reading order, but for LayoutRaw; nil for texts

	Language    Language     // of Text
	Translation *Translation // nil: not asked for
	Labels      []Label      // by pack, the likeliest first; parts of a text in their order
	LabelError  *Error       // why labels are missing that were asked for

	Timing Timing
}

// PageCount is how many pages a file has. Zero pages are not known, and Error says why if
// that is certain to stay so.
type PageCount struct {
	Pages int
	Error *Error
}

// Line is one line of text found on a page.
type Line struct {
	Text     string
	Score    float64 // mean probability of the recognised characters, 0..1
	Quad     Quad
	Block    int  // number of the block (column, paragraph) in reading order, from 0
	Vertical bool // true when the characters run from top to bottom
}

// Timing says where the time of a task went.
type Timing struct {
	Total time.Duration // from claim to result
	Wait  time.Duration // waiting for slots, summed over all pieces of work
	Infer time.Duration // decoding and model runs, summed over all cores: may exceed Total

	// The parts of Infer, as far as they were done.
	Decode, Detect, Lines, Label, Translate time.Duration
}

// Point is a place on a page in pixels of the upright page, origin top-left, y downwards.
type Point struct{ X, Y float64 }

// Add returns the vector p + q.
func (p Point) Add(q Point) Point { return Point{p.X + q.X, p.Y + q.Y} }

// Sub returns the vector p - q.
func (p Point) Sub(q Point) Point { return Point{p.X - q.X, p.Y - q.Y} }

// Mul returns the vector p * k.
func (p Point) Mul(k float64) Point { return Point{p.X * k, p.Y * k} }

// Dot returns the inner product of p and q.
func (p Point) Dot(q Point) float64 { return p.X*q.X + p.Y*q.Y }

// Quad outlines a line of text, clockwise from the text's own top-left corner.
// For text that stands upside down the first corner is therefore at the lower right.
type Quad [4]Point

// Middle is where the middle of the quad is.
func (q Quad) Middle() Point {
	return q[0].Add(q[1]).Add(q[2]).Add(q[3]).Mul(0.25)
}
