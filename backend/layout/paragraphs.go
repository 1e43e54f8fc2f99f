package layout

// A new block begins where the distance to the row before is paragraphPitch times the usual
// one of the region, and leaves a space of minParagraphGap heights of the lower of both
// rows: line spacing differs from page to page, but is even within a paragraph.
const (
	paragraphPitch  = 1.3
	minParagraphGap = 0.3
)

// paragraph is rows that follow one another closely.
type paragraph []row

// splitRegions splits each region into paragraphs.
func splitRegions(regions [][]row) [][]paragraph {
	out := make([][]paragraph, len(regions))
	for i, rows := range regions {
		start, usual := 0, usualPitch(rows)
		for j := 1; j < len(rows); j++ {
			if newParagraph(rows[j-1], rows[j], usual) {
				out[i] = append(out[i], paragraph(rows[start:j]))
				start = j
			}
		}
		out[i] = append(out[i], paragraph(rows[start:]))
	}
	return out
}

func newParagraph(above, below row, usualPitch float64) bool {
	pitch := below.centreV() - above.centreV()
	return pitch > paragraphPitch*usualPitch && above.gap(below) > minParagraphGap*min(above.height(), below.height())
}

func (r row) height() float64 {
	heights := make([]float64, len(r))
	for i, b := range r {
		heights[i] = b.height()
	}
	return median(heights)
}

// shortRegionPitch is the usual distance between rows in heights of a line, for regions of
// too few rows to say: books are set at 1.2 to 1.5.
const shortRegionPitch = 1.3

// usualPitch is the median distance between the rows of a region.
func usualPitch(rows []row) float64 {
	var pitches, heights []float64
	for i, r := range rows {
		for _, b := range r {
			heights = append(heights, b.height())
		}
		if i > 0 {
			pitches = append(pitches, r.centreV()-rows[i-1].centreV())
		}
	}
	if len(pitches) < 3 {
		return shortRegionPitch * median(heights)
	}
	return median(pitches)
}

func (p paragraph) lines() block {
	var out block
	for _, r := range p {
		for _, b := range r {
			out = append(out, *b.line)
		}
	}
	return out
}
