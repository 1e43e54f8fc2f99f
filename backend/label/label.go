// Package label says what pictures show, what texts are about, and which names are in them,
// with models that people install.
//
// Three kinds of labelers share one form: Image gives labels to a picture, Text to a text, and
// Tokens to the parts of one. Each is made from the Files of a pack, which it checks against
// each other before anything is loaded, so that a model that cannot be used is refused with its
// reason when it is opened and not when somebody waits for labels.
//
// Whoever makes one reads the files, describes the graph (package graph does), and loads the
// session that the labeler asks for through Load, by the names of the inputs and outputs that
// it will use. On systems with glibc, models that take texts should be loaded as
// graph.WithPlainLocale gives them. Sessions stay their owner's to close, and labels come
// without the id of their pack.
//
// Labelers are safe for concurrent use, and their answers do not depend on what else runs.
// Every run of a model, and what is computed for it, holds a slot of the page that it is for.
// The package starts no goroutine that outlives a call, reads no file, and knows neither packs
// nor the runtime.
package label

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Value is an input or an output of a model's graph, as the graph itself describes it.
type Value struct {
	Name  string
	Type  int64   // of its elements, a number of ONNX's TensorProto.DataType; 0: it is no tensor, or nothing is said
	Shape []int64 // below 1 where a size is open; nil: nothing is said
}

// Files are what a pack has for a model that gives labels. Nil is a file that it lacks.
type Files struct {
	Inputs, Outputs []Value // of the graph

	Config          []byte // config.json
	Labels          []byte // names of the labels, where Config has none
	Preprocessor    []byte // preprocessor_config.json, of models that take pictures
	Tokenizer       []byte // tokenizer.json, of models that take ids
	TokenizerConfig []byte // tokenizer_config.json, of the same: how long an input may be
}

// Load makes the session that a labeler will run, with these inputs and outputs of the graph
// in this order.
type Load func(inputs, outputs []string) (infer.Session, error)

// How much is shown of what a model says. Models give each of their labels a score; people
// want the few that count.
const (
	most  = 5    // labels of which one applies: ImageNet's models are measured by their best five
	floor = 0.01 // 0..1; less is not worth a word
	even  = 0.5  // 0..1; from here on a label applies that stands for itself, as models are trained
)

// ranked are labels with their scores, the highest first; equal ones in the order of classes.
func ranked(names []string, scores []float64) []inkpool.Label {
	labels := make([]inkpool.Label, len(scores))
	for i, s := range scores {
		labels[i] = inkpool.Label{Name: names[i], Score: s}
	}
	slices.SortStableFunc(labels, func(a, b inkpool.Label) int { return cmp.Compare(b.Score, a.Score) })
	return labels
}

// leading returns what is shown of labels of which one applies: the first, and the next few.
func leading(labels []inkpool.Label) []inkpool.Label {
	n := 1
	for n < min(len(labels), most) && labels[n].Score >= floor {
		n++
	}
	return labels[:n:n]
}

// applying returns what is shown of labels that each apply or not: all that do. Where none
// does, the one that comes nearest tells more than nothing, unless it is as good as out.
func applying(labels []inkpool.Label) []inkpool.Label {
	n := 0
	for n < len(labels) && (labels[n].Score >= even || n == 0 && labels[n].Score >= floor) {
		n++
	}
	return labels[:n:n]
}

// refused says that a model is not one that this package can use.
func refused(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this model cannot give labels: "+format, args...)
}

// damaged says that one of a model's files is wrong.
func damaged(file, format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "this model's "+file+" is of no use: "+format, args...).
		WithHint("Install the model again, or another one.")
}

// finite reports whether all values are numbers.
func finite(values []float32) bool {
	return !slices.ContainsFunc(values, func(v float32) bool {
		return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0)
	})
}
