package modelpack

import (
	"path"
	"slices"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Generation names a family of models that are run with the same numbers. The numbers
// themselves are those of package ocr; a manifest only has those that differ.
type Generation string

// The generations.
const (
	PPOCRv3 Generation = "PP-OCRv3"
	PPOCRv4 Generation = "PP-OCRv4"
	PPOCRv5 Generation = "PP-OCRv5"
	PPOCRv6 Generation = "PP-OCRv6"
)

// Generations lists all generations, the oldest first.
func Generations() []Generation { return []Generation{PPOCRv3, PPOCRv4, PPOCRv5, PPOCRv6} }

// Channels is the order of a model's input planes. Mean and deviation are in the same order.
type Channels string

// The orders of channels; empty is the generation's.
const (
	BGR Channels = "bgr"
	RGB Channels = "rgb"
)

// OCR says how the models of a pack for TaskOCR are run.
type OCR struct {
	Detector   Detector    `json:"detector"`
	Classifier *Classifier `json:"classifier,omitempty"` // none: all lines are taken to be upright
	Recognizer Recognizer  `json:"recognizer"`
}

// Model is what all models have. Numbers that are not there are the generation's, here and below.
type Model struct {
	File       string     `json:"file"` // one of the manifest's files
	Generation Generation `json:"generation"`

	Channels Channels  `json:"channels,omitempty"`
	Mean     []float32 `json:"mean,omitempty"` // of values 0..1, by channel: three
	Std      []float32 `json:"std,omitempty"`  // above 0: three
}

// Detector finds lines. Of the two ways in which PaddleOCR limits its input, limit_type max
// is MaxSide alone, limit_type min is MinSide, with MaxSide as max_side_limit.
type Detector struct {
	Model
	MinSide  *int `json:"min_side,omitempty"` // pixels; shorter sides are enlarged to it, as far as max_side allows
	MaxSide  *int `json:"max_side,omitempty"` // pixels; longer sides are shrunk to it
	Multiple *int `json:"multiple,omitempty"` // sides are multiples of it

	Threshold    *float32 `json:"threshold,omitempty"`     // 0..1; what is text
	Dilate       *bool    `json:"dilate,omitempty"`        // whether text is widened by a pixel first
	BoxThreshold *float64 `json:"box_threshold,omitempty"` // 0..1; what is a line
	Unclip       *float64 `json:"unclip,omitempty"`        // how far a line grows: area × unclip / perimeter
}

// Classifier tells lines that stand upside down. Its output is the probabilities of 0° and
// 180°, in this order.
type Classifier struct {
	Model
	Width     *int     `json:"width,omitempty"`     // pixels
	Height    *int     `json:"height,omitempty"`    // pixels
	Stretch   *bool    `json:"stretch,omitempty"`   // lines do not keep their shape
	Threshold *float32 `json:"threshold,omitempty"` // 0..1; from here on a line is upside down
}

// Recognizer reads lines.
type Recognizer struct {
	Model
	// Dictionary is a file of the pack; empty: the model's own metadata, by DictionaryKey.
	Dictionary string `json:"dictionary,omitempty"`

	Height   *int     `json:"height,omitempty"`    // pixels
	Stride   *int     `json:"stride,omitempty"`    // columns of the input for one step of the output
	MinWidth *int     `json:"min_width,omitempty"` // pixels; narrower lines are padded
	MaxWidth *int     `json:"max_width,omitempty"` // pixels; wider lines are read in parts
	MinScore *float64 `json:"min_score,omitempty"` // 0..1; lines below it are left out
}

// DictionaryKey is where the ONNX files that RapidOCR publishes have their dictionary: in the
// model's metadata, one character a line.
const DictionaryKey = "character"

// Bounds of sizes in manifests, in pixels: far around all that PP-OCR has. They keep a slip of
// the pen from asking for more memory than there is, or for pictures without a pixel.
const (
	maxMultiple = 128
	minHeight   = 16 // of a line
	maxHeight   = 256
	maxWidth    = 10000
)

func (o *OCR) check(m Manifest) error {
	if o == nil {
		return damaged("its manifest does not say which models read")
	}
	models := []Model{o.Detector.Model, o.Recognizer.Model}
	if o.Classifier != nil {
		models = append(models, o.Classifier.Model)
	}
	for _, model := range models {
		if err := model.check(m); err != nil {
			return err
		}
	}
	if d := o.Recognizer.Dictionary; d != "" && !m.lists(d) {
		return damaged("its manifest does not list %s", d)
	}
	if !o.soundNumbers() {
		return damaged("its manifest has a number that no model can be run with")
	}
	return nil
}

func (m Manifest) lists(name string) bool {
	_, ok := m.file(name)
	return ok
}

func (model Model) check(m Manifest) error {
	switch {
	case !m.lists(model.File):
		return damaged("its manifest does not list %q", model.File)
	case path.Ext(model.File) != ".onnx":
		return damaged("%s is no ONNX model by its name", model.File)
	case !slices.Contains(Generations(), model.Generation):
		return damaged("this program does not know models of %q", string(model.Generation))
	case model.Channels != "" && model.Channels != BGR && model.Channels != RGB:
		return damaged("there is no order of channels %q", string(model.Channels))
	case len(model.Mean)%3 != 0 || len(model.Mean) > 3 || len(model.Std) != len(model.Mean):
		return damaged("%s needs three means and three deviations, or none", model.File)
	case len(model.Std) > 0 && slices.Min(model.Std) <= 0:
		return damaged("a deviation of %s is not above 0", model.File)
	}
	return nil
}

// soundNumbers reports whether all numbers that are there are within their ranges.
func (o *OCR) soundNumbers() bool {
	d, r := o.Detector, o.Recognizer
	sound := within(d.MinSide, 1, inkpool.MaxDetectSide) && within(d.MaxSide, inkpool.MinDetectSide, inkpool.MaxDetectSide) &&
		within(d.Multiple, 1, maxMultiple) &&
		within(d.Threshold, 0, 1) && within(d.BoxThreshold, 0, 1) && within(d.Unclip, 0, 10) &&
		within(r.Height, minHeight, maxHeight) && within(r.Stride, 1, maxHeight) &&
		within(r.MinWidth, 1, maxWidth) && within(r.MaxWidth, maxHeight, maxWidth) && within(r.MinScore, 0, 1)
	if c := o.Classifier; c != nil {
		sound = sound && within(c.Width, minHeight, maxWidth) && within(c.Height, minHeight, maxHeight) && within(c.Threshold, 0, 1)
	}
	return sound
}

func within[T int | float32 | float64](v *T, low, high T) bool {
	return v == nil || *v >= low && *v <= high
}
