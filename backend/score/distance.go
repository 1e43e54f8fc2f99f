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

// Diff lists the steps that turn want into have in as few edits as Distance counts. It takes
// len(want) × len(have) memory: it is meant for lines.
func Diff(want, have []rune) []Step {
	table := distances(want, have)
	steps := make([]Step, 0, max(len(want), len(have)))
	for i, j := 0, 0; i < len(want) || j < len(have); {
		switch here := table[i][j]; {
		case i < len(want) && j < len(have) && here == table[i+1][j+1]+differ(want[i], have[j]):
			steps = append(steps, Step{want[i], have[j]})
			i, j = i+1, j+1
		case i < len(want) && here == table[i+1][j]+1:
			steps = append(steps, Step{Want: want[i]})
			i++
		default:
			steps = append(steps, Step{Have: have[j]})
			j++
		}
	}
	return steps
}

// distances[i][j] is the distance of want[i:] to have[j:].
func distances(want, have []rune) [][]int {
	table := make([][]int, len(want)+1)
	for i := range table {
		table[i] = make([]int, len(have)+1)
		table[i][len(have)] = len(want) - i
	}
	for j := range have {
		table[len(want)][j] = len(have) - j
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(have) - 1; j >= 0; j-- {
			table[i][j] = min(table[i+1][j+1]+differ(want[i], have[j]), table[i+1][j]+1, table[i][j+1]+1)
		}
	}
	return table
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
