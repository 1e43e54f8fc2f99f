package ocr

import (
	"cmp"
	"context"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// What it takes to turn a page.
const (
	voters        = 10  // largest lines of the direction that most of the page's have; they are read anyway when it stays
	leastCertain  = 0.8 // score from which a line has a vote: what is read in a wrong direction scores 0.3 to 0.7, and so do stamps
	leastVoters   = 3   // lines that must agree: a photo with one sign on its side is not turned
	leastMajority = 0.6 // part of the length of those that have a vote, which must agree
)

// ballot is what the largest lines of a page say about how it stands.
type ballot struct {
	rotation int                           // degrees clockwise that make the page upright
	read     map[inkpool.Quad]inkpool.Line // the lines read so far, by their boxes
}

// vote reads some of the largest lines of a page, in the direction that most of it runs.
func (p *Pipeline) vote(ctx context.Context, m *meter, im *raster.Image, boxes []Box) (ballot, error) {
	asked := electorate(boxes)
	if len(asked) < leastVoters {
		return ballot{}, nil
	}
	lines, err := p.readLines(ctx, m, im, asked, p.ReadLine, nil)
	if err != nil {
		return ballot{}, err
	}
	columns, err := p.columnsAmong(ctx, m, im, asked, lines)
	if err != nil {
		return ballot{}, err
	}
	b := ballot{rotation: count(asked, lines, columns), read: make(map[inkpool.Quad]inkpool.Line, len(lines))}
	for i, l := range lines {
		b.read[asked[i].Quad] = l
	}
	return b, nil
}

// columnsAmong tells which lines of tall boxes are columns, whose characters do not lie as the
// line does: reading them one by one as they stand in the column yields the same text.
func (p *Pipeline) columnsAmong(ctx context.Context, m *meter, im *raster.Image, boxes []Box, lines []inkpool.Line) ([]bool, error) {
	columns := make([]bool, len(lines))
	var asked []Box
	var of []int
	for i, l := range lines {
		if tall(boxes[i].Quad) && ideographic(l.Text) {
			asked, of = append(asked, Box{Quad: turned(turned(turned(l.Quad)))}), append(of, i)
		}
	}
	read, err := p.readLines(ctx, m, im, asked, p.readColumn, nil)
	for i, l := range read {
		columns[of[i]] = alike(l.Text, lines[of[i]].Text)
	}
	return columns, err
}

// electorate are the largest boxes among those that lie, or those that stand, whichever hold
// more text.
func electorate(boxes []Box) []Box {
	var lying, standing []Box
	var lyingLength, standingLength float64
	for _, b := range boxes {
		switch q := b.Quad; {
		case tall(q):
			standing, standingLength = append(standing, b), standingLength+elongation(q)
		case width(q) >= tallRatio*height(q):
			lying, lyingLength = append(lying, b), lyingLength+elongation(q)
		}
	}
	chosen := lying
	if standingLength > lyingLength {
		chosen = standing
	}
	slices.SortStableFunc(chosen, func(a, b Box) int { return cmp.Compare(area(b.Quad), area(a.Quad)) })
	return chosen[:min(len(chosen), voters)]
}

func area(q inkpool.Quad) float64 { return width(q) * height(q) }

// elongation is how many times as long as high a line is: about how many characters it has.
func elongation(q inkpool.Quad) float64 {
	w, h := width(q), height(q)
	return max(w, h) / max(1, min(w, h))
}

// count returns by how many degrees clockwise the page has to be turned so that the lines
// stand upright; 0 when they do not agree.
func count(boxes []Box, lines []inkpool.Line, columns []bool) int {
	var agreeing [4]int
	var length [4]float64
	total := 0.0
	for i, l := range lines {
		if l.Score < leastCertain {
			continue
		}
		quarters := quartersTo(boxes[i].Quad, l)
		if columns[i] {
			quarters = (quarters + 1) % 4
		}
		agreeing[quarters]++
		length[quarters] += elongation(boxes[i].Quad)
		total += elongation(boxes[i].Quad)
	}
	for quarters := 1; quarters < 4; quarters++ {
		if agreeing[quarters] >= leastVoters && length[quarters] >= leastMajority*total {
			return 90 * quarters
		}
	}
	return 0
}

// quartersTo is how many quarter turns clockwise make a line upright that was found in a box.
func quartersTo(box inkpool.Quad, l inkpool.Line) int {
	for quarters := range 4 {
		if l.Quad == box {
			return quarters
		}
		l.Quad = turned(l.Quad)
	}
	return 0
}
