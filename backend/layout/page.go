package layout

// What stands at the top or the bottom of a page by itself belongs to no column.
const (
	marginPitch = 1.8 // how far from the text it is at least, in usual pitches
	marginGap   = 1.5 // the space between, in heights of a line
)

// readPage orders the boxes of a page into regions. The first and the last row of a page of
// columns may be its header and its footer, read before and after all columns.
func readPage(boxes []box) [][]row {
	regions := readColumns(boxes)
	if len(regions) < 2 {
		return regions
	}
	var pitches []float64
	for _, rows := range regions {
		pitches = append(pitches, usualPitch(rows))
	}
	rows := formRows(boxes)
	usual := median(pitches)
	first, last := 0, len(rows)
	if isApart(rows[0], rows[1], usual) {
		first++
	}
	if isApart(rows[last-2], rows[last-1], usual) {
		last--
	}
	if first == 0 && last == len(rows) || first >= last {
		return regions
	}
	var out [][]row
	if first > 0 {
		out = append(out, rows[:first])
	}
	out = append(out, readColumns(boxesOf(rows[first:last]))...)
	if last < len(rows) {
		out = append(out, rows[last:])
	}
	return out
}

func isApart(above, below row, usualPitch float64) bool {
	return below.centreV()-above.centreV() > marginPitch*usualPitch &&
		below.top()-above.bottom() > marginGap*min(above.height(), below.height())
}
