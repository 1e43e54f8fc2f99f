package translate

import "math"

// candidate is a piece that may come next in a row, and how likely that is.
type candidate struct {
	row   int     // of the batch; of a sentence's beams, once it is theirs
	piece int     //
	score float64 // log-probability; of greedy search a logit
}

// better orders candidates: likelier first, and among equals the earlier row and the lower id,
// as an argmax over all of them in their order has it.
func (c candidate) better(o candidate) bool {
	if c.score != o.score {
		return c.score > o.score
	}
	if c.row != o.row {
		return c.row < o.row
	}
	return c.piece < o.piece
}

// best returns the k likeliest pieces of a row's logits, best first.
//
// It is the k highest logits first, because there are 65,000 and all but a few cannot be among
// them.
func best(row int, values []float32, k int) []candidate {
	top := make([]candidate, 0, k+1)
	lowest := float32(math.Inf(-1))
	for piece, v := range values {
		if v <= lowest && len(top) == k || v != v { // of equals the earlier stays; NaN is no number
			continue
		}
		top = insert(top, candidate{row, piece, float64(v)}, k)
		if len(top) == k {
			lowest = float32(top[k-1].score)
		}
	}
	return top
}

// insert puts a candidate in its place among at most k.
func insert(top []candidate, c candidate, k int) []candidate {
	at := len(top)
	for at > 0 && c.better(top[at-1]) {
		at--
	}
	if at == k {
		return top
	}
	if len(top) < k {
		top = append(top, candidate{})
	}
	copy(top[at+1:], top[at:])
	top[at] = c
	return top
}

// logSum is the logarithm of the sum of all exponentials: what makes a logit a log-probability
// when it is subtracted. highest is the highest of the values.
func logSum(values []float32, highest float32) float64 {
	var sum float64
	for len(values) > 0 {
		n := min(len(values), 256) // few enough that their sum in 32 bits loses nothing that counts
		var a, b, c, d float32
		block := values[:n]
		for ; len(block) >= 4; block = block[4:] {
			a += exp(block[0] - highest)
			b += exp(block[1] - highest)
			c += exp(block[2] - highest)
			d += exp(block[3] - highest)
		}
		for _, v := range block {
			a += exp(v - highest)
		}
		sum += float64(a+b) + float64(c+d)
		values = values[n:]
	}
	return float64(highest) + math.Log(sum)
}

// exp is e to the power x <= 0, to 1e-7 of the largest that is, e^0; 0 below e^-87.
func exp(x float32) float32 {
	const log2e = 1.44269504088896341
	if !(x > -87) {
		return 0
	}
	y := x * log2e
	n := float32(int32(y - 0.5)) // the nearest whole number, as y <= 0
	// Remez' polynomial for 2^f, f within 0.5 of 0 (Cephes' exp2f).
	f := y - n
	p := float32(1.535336188319500e-4)
	p = p*f + 1.339887440266574e-3
	p = p*f + 9.618437357674640e-3
	p = p*f + 5.550332471162809e-2
	p = p*f + 2.402264791363012e-1
	p = p*f + 6.931472028550421e-1
	p = p*f + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}
