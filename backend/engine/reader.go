package engine

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// reader is the reading pipeline with the sessions that it runs on.
type reader struct {
	pipeline *ocr.Pipeline
	opened   []infer.Session
}

// keptReaders is how many readers a device keeps loaded that nobody uses: the bundled one, and
// the one that was chosen for a job. Each takes 60 MB and more.
const keptReaders = 2

func (r *reader) sessions() []infer.Session { return r.opened }

// loadReader loads a pack on a device and tries it.
func loadReader(ctx context.Context, opts Options, p *modelpack.Pack, d *device) (*reader, error) {
	loader, err := openLibrary(opts)
	if err != nil {
		return nil, err
	}
	r, err := openModels(ctx, loader, p, d.name, d.room)
	if err != nil {
		return nil, err
	}
	page := d.slots.Page(pool.Request{Urgent: true}) // a task waits for it
	err = r.warm(ctx, page)
	if err == nil && d.name != deviceCPU {
		err = r.compare(ctx, loader, p, page)
	}
	if err != nil {
		return nil, errors.Join(warmError(ctx, d, err), r.close())
	}
	return r, nil
}

// warmError says why models could be loaded and not run: on the CPU because they are not what
// their pack says, on other devices also for reasons of theirs.
func warmError(ctx context.Context, d *device, err error) error {
	if d.name == deviceCPU && ctx.Err() == nil && inkpool.CodeOf(err) == inkpool.CodeInternal {
		return inkpool.Errorf(inkpool.CodeModelCorrupt, "the models of this pack cannot be run with its numbers").
			WithHint("Install the pack again, or correct the numbers in its manifest.").WithCause(err)
	}
	return fmt.Errorf("warm up: %w", err)
}

// openLibrary loads the runtime library, once in a process.
func openLibrary(opts Options) (models, error) {
	if opts.Bundle == nil {
		return models{}, opts.noBundle()
	}
	library, err := opts.Library, error(nil)
	if library == "" {
		library, err = opts.Bundle.UnpackLibrary(opts.CacheDir)
	}
	if err != nil {
		return models{}, err
	}
	env, err := ort.Open(library)
	if err != nil {
		return models{}, err
	}
	return models{env: env, cacheDir: opts.CacheDir, plain: opts.Plain}, nil
}

// openModels loads the models of a pack side by side.
func openModels(ctx context.Context, loader models, p *modelpack.Pack, device string, room ocr.Room) (*reader, error) {
	m, err := loader.prepare(ctx, p)
	if err != nil {
		return nil, err
	}
	list := []model{m.detector, m.recognizer}
	if m.classifier != nil {
		list = append(list, *m.classifier)
	}
	r := &reader{opened: make([]infer.Session, len(list))}
	var group errgroup.Group
	for i, one := range list {
		one.device = device
		group.Go(func() (err error) {
			r.opened[i], err = loader.load(ctx, one)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, errors.Join(err, r.close())
	}
	var classifier *ocr.Classifier
	if m.classifier != nil {
		classifier = ocr.NewClassifier(r.opened[2], m.numbers.classifier)
	}
	r.pipeline = ocr.NewPipeline(
		ocr.NewDetector(r.opened[0], m.numbers.detector),
		classifier,
		ocr.NewRecognizer(r.opened[1], m.dict, m.numbers.recognizer),
		room)
	return r, nil
}

// warm runs every model once on a small blank picture: the first run of a session sets up
// its kernels and its memory arena.
func (r *reader) warm(ctx context.Context, page *pool.Page) error {
	blank := raster.New(64, 32)
	if _, _, err := r.pipeline.Read(ctx, page, blank, inkpool.Reading{}); err != nil {
		return err
	}
	return page.Do(ctx, pool.Line, func() error {
		_, err := r.pipeline.ReadLine(ctx, blank, inkpool.Quad{{X: 0, Y: 0}, {X: 64, Y: 0}, {X: 64, Y: 32}, {X: 0, Y: 32}})
		return err
	})
}

// close frees the models that have been loaded.
func (r *reader) close() error { return closeSessions(r.opened) }
