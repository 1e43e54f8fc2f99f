package engine

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// reader is the reading pipeline with the sessions that it runs on.
type reader struct {
	pipeline *ocr.Pipeline
	sessions []infer.Session
}

func loadReader(ctx context.Context, opts Options, slots *pool.Slots) (*reader, error) {
	if opts.Bundle == nil {
		if opts.NoBundle != nil {
			return nil, opts.NoBundle
		}
		return nil, inkpool.Errorf(inkpool.CodeModelMissing, "this program was built without its models").
			WithHint("Run `make setup` and build it again.")
	}
	library, err := opts.Bundle.UnpackLibrary(opts.CacheDir)
	if err != nil {
		return nil, err
	}
	env, err := ort.Open(library)
	if err != nil {
		return nil, err
	}
	r, err := openModels(env, opts.Bundle, slots.N())
	if err != nil {
		return nil, err
	}
	if err := r.warm(ctx, slots); err != nil {
		return nil, errors.Join(fmt.Errorf("warm up: %w", err), r.close())
	}
	return r, nil
}

// openModels loads the three models side by side.
func openModels(env *ort.Environment, files *bundle.Bundle, slots int) (*reader, error) {
	keys, err := files.ReadFile("ocr/keys.txt")
	if err != nil {
		return nil, err
	}
	dict, err := ocr.ParseDictionary(keys)
	if err != nil {
		return nil, err
	}
	models := []struct{ file, output string }{ // file in the bundle, name of the output in the graph
		{"ocr/det.onnx", "sigmoid_0.tmp_0"},
		{"ocr/cls.onnx", "softmax_0.tmp_0"},
		{"ocr/rec.onnx", "softmax_11.tmp_0"},
	}
	r := &reader{sessions: make([]infer.Session, len(models))}
	var group errgroup.Group
	for i, m := range models {
		group.Go(func() (err error) {
			r.sessions[i], err = loadModel(env, files, m.file, m.output)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.pipeline = ocr.NewPipeline(
		ocr.NewDetector(r.sessions[0], ocr.PPOCRv4Detector()),
		ocr.NewClassifier(r.sessions[1], ocr.PPOCRv2Classifier()),
		ocr.NewRecognizer(r.sessions[2], dict, ocr.PPOCRv4Recognizer()),
		detections(slots))
	return r, nil
}

func loadModel(env *ort.Environment, files *bundle.Bundle, file, output string) (s infer.Session, err error) {
	defer inkpool.Recover(&err) // it runs on a goroutine of its own
	data, err := files.ReadFile(file)
	if err != nil {
		return nil, err
	}
	session, err := env.Load(data, ort.Options{Inputs: []string{"x"}, Outputs: []string{output}})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", file, err)
	}
	return session, nil
}

// warm runs every model once on a small blank picture: the first run of a session sets up
// its kernels and its memory arena.
func (r *reader) warm(ctx context.Context, slots *pool.Slots) error {
	blank := raster.New(64, 32)
	page := slots.Page()
	if _, _, err := r.pipeline.Read(ctx, page, blank); err != nil {
		return err
	}
	return page.Do(ctx, pool.Line, func() error {
		_, err := r.pipeline.ReadLine(ctx, blank, inkpool.Quad{{X: 0, Y: 0}, {X: 64, Y: 0}, {X: 64, Y: 32}, {X: 0, Y: 32}})
		return err
	})
}

// close frees the models that have been loaded.
func (r *reader) close() error {
	var errs []error
	for _, s := range r.sessions {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
