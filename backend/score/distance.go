package score

// Distance is the least number of insertions, deletions and replacements of single
// characters that turn a into b (Levenshtein). It takes len(a) × len(b) steps.
func Distance(a, b []rune) int {
	a, b = trimShared(a, b)
	row := make([]int, len(b)+1) // row[j]: distance of the part of a seen so far to b[:j]
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		diagonal := row[0]
		left := i + 1
		row[0] = left
		for j, cb := range b {
			cost := diagonal
			if ca != cb {
				cost++
			}
			diagonal = row[j+1]
			left = min(cost, diagonal+1, left+1)
			row[j+1] = left
		}
	}
	return row[len(b)]
}

// trimShared cuts the beginning and the end that a and b share, which adds nothing to their
// distance.
func trimShared(a, b []rune) ([]rune, []rune) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// find looks for the part long[from:to] that is nearest to short, which is edits away (Sellers
// 1980: the distance to a part costs no more than that to the whole). Of several it is one of
// about short's length, so that a wrong last character is a wrong one and not a missing one.
func find(short, long []rune) (from, to, edits int) {
	type cell struct{ edits, from int } // of the best part of long that ends here
	row := make([]cell, len(long)+1)
	for j := range row {
		row[j].from = j
	}
	for i, c := range short {
		diagonal := row[0]
		row[0] = cell{i + 1, 0}
		for j, other := range long {
			best := diagonal
			if c != other {
				best.edits++
			}
			diagonal = row[j+1]
			if up := diagonal.edits + 1; up < best.edits {
				best = cell{up, diagonal.from}
			}
			if left := row[j].edits + 1; left < best.edits {
				best = cell{left, row[j].from}
			}
			row[j+1] = best
		}
	}
	for j, c := range row {
		best := row[to]
		if c.edits < best.edits || c.edits == best.edits && abs(j-c.from-len(short)) < abs(to-best.from-len(short)) {
			to = j
		}
	}
	return row[to].from, to, row[to].edits
}

func abs(n int) int { return max(n, -n) }

// Step is one step from what should be to what is.
type Step struct {
	Want, Have rune // 0 where there is none: Have was left out, or Want should not be there
}

// Diff lists the steps that turn want into have in as few edits as Distance counts.
func Diff(want, have []rune) []Step {
	t := newDistances(want, have)
	steps := make([]Step, 0, max(len(want), len(have)))
	for i, j := 0, 0; i < len(want) || j < len(have); {
		switch here := t.at(i, j); {
		case i < len(want) && j < len(have) && here == t.at(i+1, j+1)+differ(want[i], have[j]):
			steps = append(steps, Step{want[i], have[j]})
			i, j = i+1, j+1
		case i < len(want) && here == t.at(i+1, j)+1:
			steps = append(steps, Step{Want: want[i]})
			i++
		default:
			steps = append(steps, Step{Have: have[j]})
			j++
		}
	}
	return steps
}

// distances are those of the ends of one text to the ends of another. No best way from one text
// to the other leads further away from the diagonal than their distance, so that the rest of
// the table need not be kept (Ukkonen 1985): of two long texts that are nearly the same it is
// small.
type distances struct {
	wantLen, haveLen, band int
	rows                   [][]int // rows[i][j-i+band] is the distance of want[i:] to have[j:]
}

func newDistances(want, have []rune) distances {
	t := distances{wantLen: len(want), haveLen: len(have), band: Distance(want, have), rows: make([][]int, len(want)+1)}
	for i := len(want); i >= 0; i-- {
		t.rows[i] = make([]int, 2*t.band+1)
		for j := min(len(have), i+t.band); j >= max(0, i-t.band); j-- {
			t.rows[i][j-i+t.band] = t.from(want, have, i, j)
		}
	}
	return t
}

// from works out the distance of want[i:] to have[j:] from those of shorter ends.
func (t distances) from(want, have []rune, i, j int) int {
	if i == len(want) || j == len(have) {
		return len(want) - i + len(have) - j
	}
	return min(t.at(i+1, j+1)+differ(want[i], have[j]), t.at(i+1, j)+1, t.at(i, j+1)+1)
}

// at is more than any distance where it is not known.
func (t distances) at(i, j int) int {
	if i > t.wantLen || j > t.haveLen || abs(j-i) > t.band {
		return t.wantLen + t.haveLen + 1
	}
	return t.rows[i][j-i+t.band]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
