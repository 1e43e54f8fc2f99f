package layout

// Cells of a table or a form whose text takes two lines: the rows of both stand close together
// and apart from the others.
const (
	wrapGap      = 0.35 // space between both rows in heights of the lower one, at most
	wrapApart    = 0.5  // space around them in heights of the lower one, at least
	wrapContrast = 2.0  // the same in spaces between both
	otherSize    = 0.85 // height of the smaller row by that of the larger, below which they are set in different type
)

// wrapCells reads cells of two lines one after the other, where rows alone would mix them: a
// label with its explanation in smaller type, a figure with its name. Two rows of the same type
// stay two, as the items of receipts that take two rows do, and so do the first rows of a
// region, such as those of a street sign.
func wrapCells(rows []row) []row {
	var out []row
	for i := 0; i < len(rows); i++ {
		if i > 0 && i+1 < len(rows) && areWrapped(rows, i) {
			out = append(out, zip(rows[i], rows[i+1]))
			i++
			continue
		}
		out = append(out, rows[i])
	}
	return out
}

// areWrapped reports whether the rows at i and i+1 are one row of cells of two lines. There is a
// row before them.
func areWrapped(rows []row, i int) bool {
	above, below := rows[i], rows[i+1]
	if len(above) < 2 && len(below) < 2 || !stacked(above, below) {
		return false
	}
	low, high := min(above.height(), below.height()), max(above.height(), below.height())
	if low >= otherSize*high {
		return false
	}
	inside := above.gap(below)
	apart := max(wrapApart*low, wrapContrast*inside)
	return inside <= wrapGap*low && rows[i-1].gap(above) >= apart &&
		(i+2 == len(rows) || below.gap(rows[i+2]) >= apart)
}

// gap is the space between two rows.
func (r row) gap(below row) float64 {
	return below.centreV() - r.centreV() - (r.height()+below.height())/2
}

// stacked reports whether each box of the row with fewer stands above or below exactly one of
// the other.
func stacked(above, below row) bool {
	few, many := above, below
	if len(few) > len(many) {
		few, many = many, few
	}
	taken := make([]bool, len(many))
	for _, b := range few {
		n := 0
		for i, o := range many {
			if b.u0 < o.u1 && o.u0 < b.u1 {
				n++
				if taken[i] {
					return false
				}
				taken[i] = true
			}
		}
		if n != 1 {
			return false
		}
	}
	return true
}

// zip puts what stands in one column together. The rows are stacked.
func zip(above, below row) row {
	var out row
	for _, b := range above {
		for len(below) > 0 && below[0].u1 <= b.u0 {
			out, below = append(out, below[0]), below[1:]
		}
		out = append(out, b)
		for len(below) > 0 && below[0].u0 < b.u1 {
			out, below = append(out, below[0]), below[1:]
		}
	}
	return append(out, below...)
}
