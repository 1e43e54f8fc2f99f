package ocr

import (
	"context"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Recognizer reads one line of text. It is safe for concurrent use.
type Recognizer struct {
	session infer.Session
	cfg     RecognizerConfig
	dict    *Dictionary
	norm    *raster.Normalizer
	buffers buffers
}

// NewRecognizer makes a recogniser of a CTC model: input [1, 3, 48, w] normalised BGR, the
// output [1, w/Stride, classes] softmaxed.
func NewRecognizer(session infer.Session, dict *Dictionary, cfg RecognizerConfig) *Recognizer {
	return &Recognizer{session: session, cfg: cfg, dict: dict, norm: raster.NewNormalizer(cfg.Norm)}
}

// Recognize reads the line in quad, which runs from its first corner to its second; flip
// reads it upside down. The score is the mean probability of the characters, 0..1. Lines wider
// than RecognizerConfig.MaxWidth are read in parts.
//
// Each line is its own run at its own width: batches of padded lines cost 1.8 times as
// much on a CPU, and a line's text would depend on its neighbours.
func (r *Recognizer) Recognize(ctx context.Context, im *raster.Image, q inkpool.Quad, flip bool) (text string, score float64, err error) {
	if flip {
		q = turned(turned(q))
	}
	if whole := contentWidth(q, r.cfg.Height); whole > r.cfg.MaxWidth {
		return r.recognizeWide(ctx, im, q, whole)
	}
	seen, err := r.run(ctx, im, q)
	if err != nil {
		return "", 0, err
	}
	defer r.forget(seen)
	glyphs, score := r.dict.path(*seen.out)
	var blank []bool
	if haveWords(glyphs) {
		blank = seen.image.blankColumns()
	}
	return r.text(glyphs, blank), score, nil
}

// text makes a text of glyphs, with the spaces that blank columns of their line show; nil
// shows none.
func (r *Recognizer) text(glyphs []glyph, blank []bool) string {
	return strings.TrimSpace(r.dict.join(glyphs, missingSpaces(glyphs, blank, r.cfg.Height, r.cfg.Stride)))
}

// seenLine is what the model saw and said of a line, or of a part of one.
type seenLine struct {
	image   lineImage  // in in
	in, out *[]float32 // borrowed: see forget; out is [steps, classes]
}

// forget gives back what run has borrowed.
func (r *Recognizer) forget(s seenLine) {
	r.buffers.put(s.in)
	r.buffers.put(s.out)
}

// run runs the model on the line in quad. The caller forgets what it returns.
func (r *Recognizer) run(ctx context.Context, im *raster.Image, q inkpool.Quad) (seenLine, error) {
	content, w := r.widths(q)
	steps := w / r.cfg.Stride
	in, out := r.buffers.get(3*r.cfg.Height*w), r.buffers.get(steps*r.dict.Size())
	green := (*in)[r.cfg.Height*w : 2*r.cfg.Height*w] // the plane between blue and red
	seen := seenLine{image: lineImage{pixels: green, width: content, height: r.cfg.Height, stride: w}, in: in, out: out}
	raster.WarpInto(*in, im, q, content, r.cfg.Height, w, false, r.norm)
	err := r.session.Run(ctx,
		[]infer.Tensor{infer.NewTensor(*in, 1, 3, int64(r.cfg.Height), int64(w))},
		[]infer.Tensor{infer.NewTensor(*out, 1, int64(steps), int64(r.dict.Size()))})
	if err != nil {
		r.forget(seen)
		return seenLine{}, err
	}
	return seen, nil
}

// widths are how wide the line in quad becomes, and the model's input for it.
func (r *Recognizer) widths(q inkpool.Quad) (content, input int) {
	content = min(contentWidth(q, r.cfg.Height), r.cfg.MaxWidth)
	w := max(content, r.cfg.MinWidth)
	return content, (w + r.cfg.Stride - 1) / r.cfg.Stride * r.cfg.Stride
}
