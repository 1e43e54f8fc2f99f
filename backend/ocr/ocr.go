// Package ocr reads the text of a page with three models: a Detector finds lines, a
// Classifier tells which stand upside down, a Recognizer reads them one by one. A Pipeline
// does all of it on the cores that it is given; package layout orders what it found.
//
// Every stage can be called alone, and all of them are safe for concurrent use. What a page
// yields does not depend on how many cores read it or on what else is being read. The
// package opens no files and knows no model format: models come in as infer.Sessions.
package ocr

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Cores gives the right to compute: *pool.Page is one.
type Cores interface {
	// N is how many pieces of work may run at once.
	N() int
	// Do waits for a core, runs work and gives the core back. It returns ctx's error when
	// ctx ends first.
	Do(ctx context.Context, stage pool.Stage, work func() error) error
	// Reserve waits for a part of a budget, which the caller releases.
	Reserve(ctx context.Context, b *pool.Budget, amount int64) (*pool.Reservation, error)
}

// Room is what all pages that a Pipeline reads share of the memory.
type Room struct {
	Detections *pool.Budget // how many may run at once; each needs 125 to 150 MB
	Columns    *pool.Budget // how wide all lines at work may be together, in columns of the recogniser's input; 320 need 6 MB
}

// Pipeline reads pages.
type Pipeline struct {
	detector   *Detector
	classifier *Classifier
	recognizer *Recognizer
	room       Room
}

// NewPipeline joins the stages.
func NewPipeline(d *Detector, c *Classifier, r *Recognizer, room Room) *Pipeline {
	return &Pipeline{detector: d, classifier: c, recognizer: r, room: room}
}

// Effort says what reading a page took.
type Effort struct {
	Wait   time.Duration // waiting for cores and memory, summed over all pieces of work
	Detect time.Duration // finding the lines
	Lines  time.Duration // reading them, summed over all cores
}

// Read finds and reads all lines of a page and returns them from top to bottom, as the
// detector does.
func (p *Pipeline) Read(ctx context.Context, cores Cores, im *raster.Image) ([]inkpool.Line, Effort, error) {
	m := meter{cores: cores}
	boxes, err := p.detect(ctx, &m, im)
	if err != nil {
		return nil, m.effort(), err
	}
	minScore := p.recognizer.cfg.MinScore
	if len(boxes) == 0 {
		boxes, minScore = []Box{wholePicture(im)}, max(minScore, lonelyScore)
	}
	readings, err := p.readLines(ctx, &m, im, boxes)
	if err != nil {
		return nil, m.effort(), err
	}
	return legible(readings, minScore), m.effort(), nil
}

// lonelyScore is what a line must score when the detector has seen none and the picture as
// a whole is read as one: enough to keep the crop of a word, and a blank page blank.
const lonelyScore = 0.8

func wholePicture(im *raster.Image) Box {
	w, h := float64(im.Width), float64(im.Height)
	return Box{Quad: inkpool.Quad{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}}}
}

func (p *Pipeline) detect(ctx context.Context, m *meter, im *raster.Image) (boxes []Box, err error) {
	t := task{stage: pool.Detect, room: p.room.Detections, needs: 1, took: &m.detect}
	err = m.do(ctx, t, func() (err error) {
		boxes, err = p.detector.Detect(ctx, im)
		return err
	})
	return boxes, err
}

// readLines reads all boxes on as many cores as are free; the result is in the boxes' order.
func (p *Pipeline) readLines(ctx context.Context, m *meter, im *raster.Image, boxes []Box) ([]inkpool.Line, error) {
	lines := make([]inkpool.Line, len(boxes))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.cores.N())
	for i, box := range boxes {
		group.Go(func() error {
			t := task{stage: pool.Line, room: p.room.Columns, needs: p.columns(box.Quad), took: &m.lines}
			return m.do(ctx, t, func() (err error) {
				lines[i], err = p.ReadLine(ctx, im, box.Quad)
				return err
			})
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return lines, nil
}

// columns is how wide the line in a box will be in the recogniser's input.
func (p *Pipeline) columns(q inkpool.Quad) int64 {
	if tall(q) {
		q = turned(q)
	}
	_, w := p.recognizer.widths(q)
	return int64(w)
}

// tallRatio is the height : width from which a box is read as a line turned by 90°;
// PP-OCR's get_rotate_crop_image uses the same.
const tallRatio = 1.5

func tall(q inkpool.Quad) bool { return height(q) >= tallRatio*width(q) }

// ReadLine reads the line in a box whose first corner looks like top-left. Boxes much
// higher than wide are read from top to bottom.
func (p *Pipeline) ReadLine(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	vertical := tall(q)
	if vertical {
		q = turned(q)
	}
	flipped, _, err := p.classifier.Flipped(ctx, im, q)
	if err != nil {
		return inkpool.Line{}, err
	}
	text, score, err := p.recognizer.Recognize(ctx, im, q, flipped)
	if err != nil {
		return inkpool.Line{}, err
	}
	if flipped { // the classifier is sometimes sure and wrong on short lines: ask the recogniser
		upright, uprightScore, err := p.recognizer.Recognize(ctx, im, q, false)
		if err != nil {
			return inkpool.Line{}, err
		}
		if uprightScore > score {
			text, score, flipped = upright, uprightScore, false
		}
	}
	if flipped {
		q = turned(turned(q))
	}
	return inkpool.Line{Text: text, Score: score, Quad: q, Vertical: vertical && !flipped}, nil
}

// legible leaves out lines that hold no text or only noise.
func legible(lines []inkpool.Line, minScore float64) []inkpool.Line {
	kept := make([]inkpool.Line, 0, len(lines))
	for _, l := range lines {
		if l.Text != "" && l.Score >= minScore {
			kept = append(kept, l)
		}
	}
	return kept
}

// meter does work on cores and sums up how long it waited and worked.
type meter struct {
	cores               Cores
	wait, detect, lines atomic.Int64 // nanoseconds
}

// task says what a piece of work needs before it can begin, and where its time counts.
type task struct {
	stage pool.Stage
	room  *pool.Budget
	needs int64 // of room
	took  *atomic.Int64
}

// do waits for room and then for a core: who holds a core never waits.
func (m *meter) do(ctx context.Context, t task, work func() error) error {
	asked := time.Now()
	room, err := m.cores.Reserve(ctx, t.room, t.needs)
	if err != nil {
		return err
	}
	defer room.Release()
	return m.cores.Do(ctx, t.stage, func() (err error) {
		defer inkpool.Recover(&err) // work may run on a goroutine of its own
		began := time.Now()
		m.wait.Add(int64(began.Sub(asked)))
		defer func() { t.took.Add(int64(time.Since(began))) }()
		return work()
	})
}

func (m *meter) effort() Effort {
	return Effort{
		Wait:   time.Duration(m.wait.Load()),
		Detect: time.Duration(m.detect.Load()),
		Lines:  time.Duration(m.lines.Load()),
	}
}
