package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/ocr"
	"github.com/inkpool/inkpool/backend/raster"
)

// packs finds the pack that a task is read with.
type packs struct {
	shelf     modelpack.Shelf
	noBundled error // why there is no bundled one
}

func newPacks(opts Options) packs {
	p := packs{shelf: modelpack.Shelf{Dir: opts.PacksDir}, noBundled: opts.NoBundle}
	if opts.Bundle != nil {
		p.shelf.Bundled, p.noBundled = opts.Bundle.Pack()
	}
	return p
}

// find returns a pack; an empty id is the bundled one's. CodeModelMissing says that it is not
// installed.
func (p packs) find(id string) (*modelpack.Pack, error) {
	if id == "" && p.shelf.Bundled == nil && p.noBundled != nil {
		return nil, p.noBundled
	}
	return p.shelf.Find(id)
}

// reader returns the pack that reads for an id.
func (p packs) reader(id string) (*modelpack.Pack, error) {
	found, err := p.find(id)
	if err == nil && found.OCR == nil {
		err = notFor(found, "read")
	}
	return found, err
}

// translator returns the pack that translates as asked for, from the language of a text.
func (p packs) translator(how inkpool.Translating, from string) (*modelpack.Pack, modelpack.Way, error) {
	if how.Pack != "" {
		found, err := p.find(how.Pack)
		if err != nil {
			return nil, modelpack.Way{}, err
		}
		way, ok := found.Translation.Way(from, how.To)
		if !ok {
			return nil, way, inkpool.Errorf(inkpool.CodeModelMissing, "the model pack %q does not translate from %s into %s", how.Pack, from, how.To).
				WithHint("Choose another model, or another language.")
		}
		return found, way, nil
	}
	return p.bestTranslator(from, how.To)
}

// sources are the languages that can be translated as is asked for.
func (p packs) sources(how inkpool.Translating) (languages []string) {
	all, err := p.shelf.List()
	if err != nil {
		return nil
	}
	for _, f := range all {
		if f.Pack != nil && f.Pack.Translation.Into(how.To) && (how.Pack == "" || how.Pack == f.ID) {
			languages = append(languages, f.Pack.Translation.From...)
		}
	}
	slices.Sort(languages)
	return slices.Compact(languages)
}

// bestTranslator returns the installed pack for two languages that knows the fewest others:
// models of one pair translate better than those of two hundred, in a tenth of the time.
func (p packs) bestTranslator(from, to string) (best *modelpack.Pack, way modelpack.Way, err error) {
	all, err := p.shelf.List()
	if err != nil {
		return nil, way, err
	}
	for _, f := range all {
		if f.Pack == nil {
			continue
		}
		if w, ok := f.Pack.Translation.Way(from, to); ok && (best == nil || f.Pack.Translation.Pairs() < best.Translation.Pairs()) {
			best, way = f.Pack, w
		}
	}
	if best == nil {
		return nil, way, inkpool.Errorf(inkpool.CodeModelMissing, "no model that is installed translates from %s into %s", from, to).
			WithHint("Add one: see which there are with `inkpool models list`.")
	}
	return best, way, nil
}

// labellers returns the packs with these ids, or, where there are none, every one that gives
// labels, the newest version of each.
func (p packs) labellers(ids []string) (chosen []*modelpack.Pack, err error) {
	for _, id := range ids {
		found, err := p.find(id)
		if err == nil && found.Labelling == nil {
			err = notFor(found, "label")
		}
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, found)
	}
	if len(ids) > 0 {
		return chosen, nil
	}
	all, err := p.shelf.List()
	last := ""
	for _, f := range all {
		if f.ID != last && f.Pack != nil && f.Pack.Labelling != nil {
			chosen, last = append(chosen, f.Pack), f.ID
		}
	}
	return chosen, err
}

// notFor says that a pack does something else.
func notFor(p *modelpack.Pack, what string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, "the model pack %q is not made to %s", p.ID, what).
		WithHint("Choose another one; see which there are with `inkpool models list`.")
}

// numbers are those that the models of a pack are run with.
type numbers struct {
	detector   ocr.DetectorConfig
	classifier ocr.ClassifierConfig
	recognizer ocr.RecognizerConfig
}

// numbersOf returns the numbers of the models' generations, and in their place those that the
// manifest has of its own. All generations that a manifest may name share a detector's and a
// recogniser's numbers; see package ocr.
func numbersOf(o *modelpack.OCR) numbers {
	n := numbers{detector: ocr.PPOCRv4Detector(), recognizer: ocr.PPOCRv4Recognizer()}
	d := &n.detector
	d.Norm = normOf(o.Detector.Model, d.Norm)
	override(&d.MinSide, o.Detector.MinSide)
	override(&d.MaxSide, o.Detector.MaxSide)
	override(&d.Multiple, o.Detector.Multiple)
	override(&d.Threshold, o.Detector.Threshold)
	override(&d.Dilate, o.Detector.Dilate)
	override(&d.BoxThreshold, o.Detector.BoxThreshold)
	override(&d.Unclip, o.Detector.Unclip)
	d.MaxSide -= d.MaxSide % d.Multiple // tiles have this size

	r := &n.recognizer
	r.Norm = normOf(o.Recognizer.Model, r.Norm)
	override(&r.Height, o.Recognizer.Height)
	override(&r.Stride, o.Recognizer.Stride)
	override(&r.MinWidth, o.Recognizer.MinWidth)
	override(&r.MaxWidth, o.Recognizer.MaxWidth)
	override(&r.MinScore, o.Recognizer.MinScore)
	r.MaxWidth = min(r.MaxWidth, widestLine) // what there is room for
	r.MinWidth = min(r.MinWidth, r.MaxWidth)

	if o.Classifier != nil {
		n.classifier = classifierNumbers(o.Classifier)
	}
	return n
}

func classifierNumbers(o *modelpack.Classifier) ocr.ClassifierConfig {
	c := ocr.PPOCRv2Classifier()
	if o.Generation == modelpack.PPOCRv5 || o.Generation == modelpack.PPOCRv6 {
		c = ocr.PPLCNetClassifier()
	}
	c.Norm = normOf(o.Model, c.Norm)
	override(&c.Width, o.Width)
	override(&c.Height, o.Height)
	override(&c.Stretch, o.Stretch)
	override(&c.Threshold, o.Threshold)
	return c
}

// override sets a number where the manifest has one.
func override[T any](number *T, own *T) {
	if own != nil {
		*number = *own
	}
}

// normOf is a generation's normalisation with what the manifest has of its own. A manifest has
// its numbers in the order of the model's channels, raster.Norm those of blue first.
func normOf(m modelpack.Model, n raster.Norm) raster.Norm {
	if m.Channels != "" {
		n.RGB = m.Channels == modelpack.RGB
	}
	if len(m.Mean) == 3 && len(m.Std) == 3 {
		n.Mean, n.Std = [3]float32(m.Mean), [3]float32(m.Std)
		if n.RGB {
			slices.Reverse(n.Mean[:])
			slices.Reverse(n.Std[:])
		}
	}
	return n
}

// packModels are the models of a pack, ready to be loaded.
type packModels struct {
	numbers
	detector, recognizer model
	classifier           *model // nil: none
	dict                 *ocr.Dictionary
}

// prepare reads the models of a pack and its dictionary, and checks that they fit each other
// and the numbers.
func (l models) prepare(ctx context.Context, p *modelpack.Pack) (m packModels, err error) {
	m.numbers = numbersOf(p.OCR)
	if m.detector, err = detectorModel(p, m.numbers.detector); err != nil {
		return m, err
	}
	if p.OCR.Classifier != nil {
		c, err := classifierModel(p, m.numbers.classifier)
		if err != nil {
			return m, err
		}
		m.classifier = &c
	}
	var about graph.Description
	if m.recognizer, about, err = recognizerModel(p, m.numbers.recognizer); err != nil {
		return m, err
	}
	m.dict, err = l.dictionary(ctx, p, &m.recognizer, about)
	return m, err
}

// dictionary is the pack's for its recogniser, whose output it completes.
func (l models) dictionary(ctx context.Context, p *modelpack.Pack, m *model, about graph.Description) (*ocr.Dictionary, error) {
	text := []byte(about.Metadata[modelpack.DictionaryKey])
	if file := p.OCR.Recognizer.Dictionary; file != "" {
		var err error
		if text, err = p.ReadFile(file); err != nil {
			return nil, err
		}
	}
	dict, err := ocr.ParseDictionary(text)
	if err != nil {
		return nil, err
	}
	classes := int64(graph.Any)
	if shape := about.Outputs[0].Shape; len(shape) > 0 {
		classes = shape[len(shape)-1]
	}
	if classes == graph.Any {
		if classes, err = l.countClasses(ctx, *m, dict.Lines()); err != nil {
			return nil, err
		}
	}
	m.probe.out[2] = classes
	dict, err = dict.Fit(int(classes))
	if err == nil && p.RightToLeft() {
		dict = dict.RightToLeft()
	}
	return dict, err
}

// countClasses finds out how many classes a recogniser has that does not say so, by running it:
// it tries what a dictionary with that many lines may be for, and returns 0 when nothing fits.
func (l models) countClasses(ctx context.Context, m model, lines int) (classes int64, err error) {
	s, err := l.open(m, m.data)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	for n := int64(lines) + 2; n >= int64(lines); n-- {
		m.probe.out = []int64{m.probe.out[0], m.probe.out[1], n}
		if _, err := m.probe.run(ctx, s); err == nil {
			return n, nil
		}
	}
	return 0, ctx.Err()
}

// detectorModel, classifierModel and recognizerModel say how to load a model of a pack and try
// it. The numbers of classes of a recogniser is left open.
func detectorModel(p *modelpack.Pack, n ocr.DetectorConfig) (model, error) {
	h, w := int64(3*n.Multiple), int64(5*n.Multiple) // 96 x 160 for all there are
	m, _, err := modelOf(p, "det", p.OCR.Detector.File, 1, 3, graph.Any, graph.Any)
	m.probe = probeShape{in: []int64{1, 3, h, w}, out: []int64{1, 1, h, w}}
	return m, err
}

func classifierModel(p *modelpack.Pack, n ocr.ClassifierConfig) (model, error) {
	h, w := int64(n.Height), int64(n.Width)
	m, _, err := modelOf(p, "cls", p.OCR.Classifier.File, 1, 3, h, w)
	m.probe = probeShape{in: []int64{1, 3, h, w}, out: []int64{1, 2}}
	return m, err
}

func recognizerModel(p *modelpack.Pack, n ocr.RecognizerConfig) (model, graph.Description, error) {
	const steps = 20
	h, w := int64(n.Height), int64(steps*n.Stride)
	m, about, err := modelOf(p, "rec", p.OCR.Recognizer.File, 1, 3, h, graph.Any)
	m.probe = probeShape{in: []int64{1, 3, h, w}, out: []int64{1, steps, 0}}
	return m, about, err
}

// modelOf reads a model that must take an input of that shape, in which Any is a size that
// changes from run to run. Exporters give inputs and outputs names of their own; PP-OCR's
// models have one of each that matters, the first.
func modelOf(p *modelpack.Pack, role, file string, input ...int64) (model, graph.Description, error) {
	data, err := p.ReadFile(file)
	if err != nil {
		return model{}, graph.Description{}, err
	}
	about, err := graph.Describe(data)
	if err != nil {
		return model{}, graph.Description{}, fmt.Errorf("read %s: %w", file, err)
	}
	in := about.Inputs[0]
	if len(about.Inputs) > 1 || !takes(in.Shape, input) {
		return model{}, graph.Description{}, inkpool.Errorf(inkpool.CodeModelCorrupt,
			"the model %s takes another input than its pack says", filepath.Base(file)).
			WithHint("Install the pack again, or correct the sizes in its manifest.").
			WithCause(fmt.Errorf("%d inputs, the first %v, want %v", len(about.Inputs), in.Shape, input))
	}
	name := role
	if !p.Bundled {
		name = p.ID + "." + role
	}
	return model{name: name, data: data, input: in.Name, output: about.Outputs[0].Name}, about, nil
}

// takes reports whether an input of a model has room for a shape. What the model leaves open
// is not known; what is open in the shape must be so in the model.
func takes(input, shape []int64) bool {
	if input == nil {
		return true
	}
	return slices.EqualFunc(input, shape, func(in, want int64) bool { return in == graph.Any || in == want })
}
