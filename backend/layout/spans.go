package layout

import "slices"

// A cell that spans two rows stands between them.
const (
	spanCentre = 0.2  // how far from the middle between both rows it may be, in their distance
	spanPitch  = 2.5  // distance of both rows in heights of the cell, at most
	spanAlone  = 1.25 // how far from it others stand above and below, in distances of both rows, at least
)

// settleSpans puts cells that span two rows into one of them: what stands to their left, such as
// the name of a group of fields, before the first, what stands to their right behind the second.
func settleSpans(rows []row) []row {
	out := slices.Clone(rows)
	for i := 1; i+1 < len(rows); i++ {
		above, below := rows[i-1], rows[i+1]
		if len(rows[i]) != 1 || !spans(rows[i][0], above, below) || !isAlone(rows, i) {
			continue
		}
		cell := slices.Clone(out[i])
		for j := range cell {
			cell[j].spanning = true
		}
		switch {
		case cell[0].u1 <= min(above[0].u0, below[0].u0):
			out[i-1], out[i] = slices.Concat(cell, out[i-1]), nil
		case cell[0].u0 >= max(above[len(above)-1].u1, below[len(below)-1].u1):
			out[i], out[i+1] = nil, slices.Concat(out[i+1], cell)
		}
	}
	return slices.DeleteFunc(out, func(r row) bool { return r == nil })
}

func spans(cell box, above, below row) bool {
	pitch := below.centreV() - above.centreV()
	off := cell.centreV() - (above.centreV()+below.centreV())/2
	return max(off, -off) < spanCentre*pitch && pitch <= spanPitch*cell.height()
}

// isAlone reports whether nothing stands in the column of the cell at i as near as a row: the
// prices of a misprinted receipt, half a row too low, span nothing.
func isAlone(rows []row, i int) bool {
	cell := rows[i][0]
	near := spanAlone * (rows[i+1].centreV() - rows[i-1].centreV())
	for _, r := range rows[max(0, i-3):min(len(rows), i+4)] {
		for _, b := range r {
			apart := b.centreV() - cell.centreV()
			if apart != 0 && max(apart, -apart) < near && b.u0 < cell.u1 && cell.u0 < b.u1 {
				return false
			}
		}
	}
	return true
}
