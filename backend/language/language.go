// Package language tells what language a text is written in.
//
// The script decides first: what is written in Thai letters is Thai. Where a script serves
// several languages, a small model over hashed pieces of words does; it is built into the
// program, and build/language makes it. Of a text that mixes scripts, the language that most
// of it is in is told. Addresses, paths, code and numbers say nothing.
//
// A Detector is safe for concurrent use, as its session is. The work for a text is bounded,
// however long that is. The package opens no file and loads no model by itself.
package language

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// The model's tensors, for whoever loads it.
const (
	InputIDs    = "ids"           // [n] whole numbers: Features of a text, at least one
	InputPrior  = "prior"         // [labels]: natural logarithms of how likely each is before anything was read
	OutputProbs = "probabilities" // [1, labels], softmaxed; labels are the languages of labels.txt
)

// excluded is the prior of a language that is out of the question. It leaves a probability of
// zero, and no infinity for a runtime to stumble over.
const excluded = -1e4

//go:embed model.onnx
var model []byte

//go:embed labels.txt
var labels string

// Model returns the ONNX model. Nobody may change it.
func Model() []byte { return model }

// Languages lists all that Detect may answer with, as BCP 47 codes: those that the model tells
// apart in the order of its output, then those that have a script to themselves.
func Languages() []string {
	codes := modelled()
	for _, a := range alphabets {
		if of := strings.Fields(a.languages); len(of) == 1 {
			codes = append(codes, of...)
		}
	}
	return codes
}

// modelled lists what the model tells apart.
func modelled() []string { return strings.Fields(labels) }

// Detector tells languages with one session of Model.
type Detector struct {
	session   infer.Session
	languages []string
}

// New returns a detector that runs the model in session, loaded with the inputs InputIDs and
// InputPrior and the output OutputProbs. Closing the session stays with the caller.
func New(session infer.Session) *Detector {
	return &Detector{session: session, languages: modelled()}
}

// Detect tells the language of text, with a score of 0..1: the share of the text that is in
// its script times how sure the model is. The code is empty where nothing can be told, as of
// digits and addresses. "no" is Bokmål and Nynorsk, "sr" Serbian in Cyrillic letters.
//
// Candidates limit the answer to these languages; "zh" stands for "zh-Hans" and "zh-Hant",
// "pt-BR" for "pt". The code is empty where the text is in a script of none of them.
func (d *Detector) Detect(ctx context.Context, text string, candidates ...string) (inkpool.Language, error) {
	script, words, share := dominant(split(sample(text)))
	possible := slices.DeleteFunc(script.languages(words), func(code string) bool {
		return len(candidates) > 0 && !slices.ContainsFunc(candidates, func(c string) bool { return covers(c, code) })
	})
	switch len(possible) {
	case 0:
		return inkpool.Language{}, nil
	case 1:
		return inkpool.Language{Code: possible[0], Score: share}, nil
	}
	best, sure, err := d.choose(ctx, words, possible)
	if err != nil {
		return inkpool.Language{}, fmt.Errorf("tell the language: %w", err)
	}
	return inkpool.Language{Code: best, Score: share * sure}, nil
}

// covers reports whether a person who says candidate means code too.
func covers(candidate, code string) bool {
	if told, ok := toldAs[candidate]; ok {
		candidate = told
	}
	if end := strings.LastIndexByte(candidate, '-'); end >= 0 && end == len(candidate)-3 {
		candidate = candidate[:end] // a region: Portuguese is told as one, wherever it is written
	}
	return candidate == code || strings.HasPrefix(code, candidate+"-")
}

// toldAs are other names for what Detect tells.
var toldAs = map[string]string{
	"nb": "no", "nn": "no", "fil": "tl", "kmr": "ku", "sr-Cyrl": "sr",
	"zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant",
}

// choose asks the model which of the possible languages the words are in, and how probable
// that is among these, 0..1.
func (d *Detector) choose(ctx context.Context, words []string, possible []string) (string, float64, error) {
	ids := Features(words)
	probs := make([]float32, len(d.languages))
	inputs := []infer.Tensor{
		infer.NewInts(ids, int64(len(ids))),
		infer.NewTensor(d.prior(possible), int64(len(d.languages))),
	}
	outputs := []infer.Tensor{infer.NewTensor(probs, 1, int64(len(probs)))}
	if err := d.session.Run(ctx, inputs, outputs); err != nil {
		return "", 0, err
	}
	best := 0
	for i, p := range probs {
		if p > probs[best] {
			best = i
		}
	}
	return d.languages[best], float64(probs[best]), nil
}

// prior is the InputPrior for texts that can only be in these languages.
func (d *Detector) prior(possible []string) []float32 {
	prior := make([]float32, len(d.languages))
	for i, code := range d.languages {
		prior[i] = excluded
		if slices.Contains(possible, code) {
			prior[i] = logPrior(code)
		}
	}
	return prior
}
