package ocr

import (
	"context"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// recognizeWide reads a line of so many columns in overlapping parts. Where two overlap, the text
// goes over from one to the next at a step that both call blank: there no character is cut, so
// that none is lost or read twice.
func (r *Recognizer) recognizeWide(ctx context.Context, im *raster.Image, q inkpool.Quad, columns int) (string, float64, error) {
	var line joined
	var last part
	for i, start := range partStarts(columns, r.cfg) {
		from, to := float64(start)/float64(columns), float64(start+r.cfg.MaxWidth)/float64(columns)
		next, err := r.part(ctx, im, along(q, from, to), start)
		if err != nil {
			return "", 0, err
		}
		if i > 0 {
			at := seam(last, next)
			line.add(last.until(at), r.dict)
			next = next.since(at)
		}
		last = next
	}
	line.add(last, r.dict)
	return r.text(line.glyphs, line.blank), line.sum / float64(max(1, len(line.glyphs))), nil
}

// part reads a part of a line, which begins at column start of it.
func (r *Recognizer) part(ctx context.Context, im *raster.Image, q inkpool.Quad, start int) (part, error) {
	seen, err := r.run(ctx, im, q)
	if err != nil {
		return part{}, err
	}
	defer r.forget(seen)
	return part{
		probs: slices.Clone(*seen.out), blank: seen.image.blankColumns(), classes: r.dict.Size(),
		stride: r.cfg.Stride, first: start / r.cfg.Stride,
	}, nil
}

// partStarts are the columns at which the parts of a line begin, whole steps: as few as may be,
// evenly spread.
func partStarts(columns int, cfg RecognizerConfig) []int {
	fresh := cfg.MaxWidth - cfg.Overlap // what each part after the first adds
	count := (columns - cfg.Overlap + fresh - 1) / fresh
	starts := make([]int, count)
	for i := 1; i < count; i++ {
		start := (columns - cfg.MaxWidth) * i / (count - 1)
		starts[i] = (start + cfg.Stride - 1) / cfg.Stride * cfg.Stride // up, so that the end is seen
	}
	return starts
}

// along is the part of a line from one share of its length to another.
func along(q inkpool.Quad, from, to float64) inkpool.Quad {
	top, bottom := q[1].Sub(q[0]), q[2].Sub(q[3])
	return inkpool.Quad{q[0].Add(top.Mul(from)), q[0].Add(top.Mul(to)), q[3].Add(bottom.Mul(to)), q[3].Add(bottom.Mul(from))}
}

// part is what the model says about a part of a line.
type part struct {
	probs   []float32 // [steps, classes], softmaxed: what is left of it
	blank   []bool    // columns of its picture with nothing but background
	classes int
	stride  int // columns per step
	first   int // number of its first step in the line
}

func (p part) end() int { return p.first + len(p.probs)/p.classes }

// until is what lies before a step of the line, since what lies after it.
func (p part) until(step int) part {
	p.probs = p.probs[:(step-p.first)*p.classes]
	p.blank = p.blank[:min((step-p.first)*p.stride, len(p.blank))]
	return p
}

func (p part) since(step int) part {
	p.probs = p.probs[(step-p.first)*p.classes:]
	p.blank = p.blank[min((step-p.first)*p.stride, len(p.blank)):]
	p.first = step
	return p
}

// silent reports whether there is no character at a step of the line.
func (p part) silent(step int) bool {
	at := (step - p.first) * p.classes
	class, _ := likeliest(p.probs[at : at+p.classes])
	return class == 0
}

// How many steps a seam may be away from the middle rather than lie on a character, or beside
// one: two parts may see the same character a step apart.
const (
	seamOnCharacter     = 20
	seamBesideCharacter = 5
)

// seam is the step at which the text goes over from one part to the next: near the middle of
// what both see, on a blank in both.
func seam(a, b part) int {
	middle := (b.first + a.end()) / 2
	best, least := middle, -1
	for at := b.first + 1; at < a.end()-1; at++ {
		cost := max(at-middle, middle-at)
		for _, p := range []part{a, b} {
			if !p.silent(at) {
				cost += seamOnCharacter
			}
			if !p.silent(at-1) || !p.silent(at+1) {
				cost += seamBesideCharacter
			}
		}
		if least < 0 || cost < least {
			best, least = at, cost
		}
	}
	return best
}

// joined is the line so far: its characters, the sum of their probabilities, and its columns.
type joined struct {
	glyphs []glyph
	sum    float64
	blank  []bool
}

func (j *joined) add(p part, d *Dictionary) {
	glyphs, score := d.path(p.probs)
	for _, g := range glyphs {
		j.glyphs = append(j.glyphs, glyph{text: g.text, first: p.first + g.first, last: p.first + g.last})
	}
	j.sum += float64(len(glyphs)) * score
	j.blank = append(j.blank, p.blank...)
}
