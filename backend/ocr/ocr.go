// Package ocr reads the text of a page with three models: a Detector finds lines, a
// Classifier tells which stand upside down, a Recognizer reads them one by one. A Pipeline
// does all of it on the cores that it is given; package layout orders what it found.
//
// Every stage can be called alone, and all of them are safe for concurrent use. What a page
// yields does not depend on how many cores read it or on what else is being read. The
// package opens no files and knows no model format: models come in as infer.Sessions.
package ocr

import (
	"cmp"
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

// Page is what was read on a picture. Lines are from top to bottom, as the detector finds them.
type Page struct {
	Lines         []inkpool.Line
	Width, Height int // pixels of the upright page
	Rotation      int // degrees clockwise by which the picture was turned to stand upright
}

// Read finds and reads all lines of a page, which it turns upright first. What how says about
// packs, layouts and texts that pages carry is for others.
func (p *Pipeline) Read(ctx context.Context, cores Cores, im *raster.Image, how inkpool.Reading) (Page, Effort, error) {
	m := meter{cores: cores}
	f := frame{width: im.Width, height: im.Height}
	lines, err := p.read(ctx, &m, im, how, &f)
	if err != nil {
		return Page{}, m.effort(), err
	}
	for i := range lines {
		lines[i].Quad = f.toPage(lines[i].Quad)
	}
	page := Page{Lines: lines, Rotation: f.rotation}
	page.Width, page.Height = f.pageSize()
	return page, m.effort(), nil
}

// read is Read with places in the picture. It sets f's rotation.
func (p *Pipeline) read(ctx context.Context, m *meter, im *raster.Image, how inkpool.Reading, f *frame) ([]inkpool.Line, error) {
	boxes, known, err := p.findLines(ctx, m, im, how, f)
	if err != nil {
		return nil, err
	}
	minScore := cmp.Or(how.TextScore, p.recognizer.cfg.MinScore)
	if len(boxes) == 0 {
		boxes, minScore = []Box{{Quad: whole(im.Width, im.Height)}}, max(minScore, lonelyScore)
	}
	read := p.ReadLine
	if how.Upright {
		read = p.readUpright
	}
	lines, err := p.readLines(ctx, m, im, f.without(how, boxes), read, known)
	return legible(lines, minScore), err
}

// findLines returns the boxes of the upright page, and the lines that had to be read to know how
// it stands, by their boxes. On a picture that is skewed, or turned, lines are found anew,
// because the detector has learnt from upright pages.
func (p *Pipeline) findLines(ctx context.Context, m *meter, im *raster.Image, how inkpool.Reading, f *frame) ([]Box, map[inkpool.Quad]inkpool.Line, error) {
	look := Look{Side: how.DetectSide, BoxScore: how.BoxScore}
	boxes, err := p.detect(ctx, m, im, look)
	if err != nil || how.Upright {
		return boxes, nil, err
	}
	if skew := skewOf(boxes); skew != 0 {
		look.Part = around(boxes, skew, whole(im.Width, im.Height))
		straight, err := p.detect(ctx, m, im, look)
		if err != nil {
			return nil, nil, err
		}
		if len(straight) > 0 { // else the first look was better
			boxes = straight
		}
	}
	b, err := p.vote(ctx, m, im, boxes)
	if err != nil || b.rotation == 0 {
		return boxes, b.read, err
	}
	look.Rotation = b.rotation
	upright, err := p.detect(ctx, m, im, look)
	if err != nil || len(upright) == 0 {
		return boxes, b.read, err
	}
	f.rotation = b.rotation
	return upright, nil, nil
}

// lonelyScore is what a line must score when the detector has seen none and the picture as
// a whole is read as one: enough to keep the crop of a word, and a blank page blank.
const lonelyScore = 0.8

// whole is a whole picture.
func whole(width, height int) inkpool.Quad {
	return upright(0, 0, float64(width), float64(height))
}

func (p *Pipeline) detect(ctx context.Context, m *meter, im *raster.Image, look Look) (boxes []Box, err error) {
	t := task{stage: pool.Detect, room: p.room.Detections, needs: 1, took: &m.detect}
	err = m.do(ctx, t, func() (err error) {
		boxes, err = p.detector.Detect(ctx, im, look)
		return err
	})
	return boxes, err
}

// reader is a way to read a line.
type reader func(context.Context, *raster.Image, inkpool.Quad) (inkpool.Line, error)

// readLines reads all boxes on as many cores as are free, but for those that have been read;
// the result is in the boxes' order.
func (p *Pipeline) readLines(ctx context.Context, m *meter, im *raster.Image, boxes []Box, read reader, known map[inkpool.Quad]inkpool.Line) ([]inkpool.Line, error) {
	lines := make([]inkpool.Line, len(boxes))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(m.cores.N())
	for i, box := range boxes {
		if line, ok := known[box.Quad]; ok {
			lines[i] = line
			continue
		}
		group.Go(func() error {
			t := task{stage: pool.Line, room: p.room.Columns, needs: p.columns(box.Quad), took: &m.lines}
			return m.do(ctx, t, func() (err error) {
				lines[i], err = read(ctx, im, box.Quad)
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
