package modelpack

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// forms are the endings of names by which publishers tell the forms of a model apart, the best
// first. Half precision is not among them: its inputs and outputs are numbers of 16 bits, which
// nothing here computes with. The _int8 decoders of Marian's models are three times as large as
// the _quantized ones, so those come after the full ones.
var forms = []struct {
	ending  string
	weights Weights
}{
	{"_quantized", Quantized}, {"_q8", Quantized}, {"", Full},
	{"_uint8", Quantized}, {"_int8", Quantized}, {"_q4", Quantized}, {"_bnb4", Quantized},
}

// halfPrecision are the endings of forms that cannot be used.
var halfPrecision = []string{"_fp16", "_q4f16"}

// modelFolders are where exporters put their models, the usual one first.
var modelFolders = []string{"onnx", "."}

// choose returns the paths of models, given by their names without ending and extension, in
// the best form that all of them are there in; nil where there is none.
func (c contents) choose(weights Weights, stems ...string) []string {
	for _, form := range forms {
		if weights != AnyWeights && weights != form.weights {
			continue
		}
		if paths := c.inForm(form.ending, stems); paths != nil {
			return paths
		}
	}
	return nil
}

func (c contents) inForm(ending string, stems []string) []string {
	for _, folder := range modelFolders {
		var paths []string
		for _, stem := range stems {
			if p := path.Join(folder, stem+ending+".onnx"); c.has(p) {
				paths = append(paths, p)
			}
		}
		if len(paths) == len(stems) {
			return paths
		}
	}
	return nil
}

// noForm says why choose found nothing.
func (c contents) noForm(weights Weights, stems ...string) error {
	models := c.with(".onnx")
	switch {
	case len(models) == 0:
		return c.noModel()
	case slices.ContainsFunc(halfPrecision, func(ending string) bool { return c.inForm(ending, stems) != nil }) && c.choose(AnyWeights, stems...) == nil:
		return unsupported("this model is there in half precision only, which Inkpool does not run").
			WithHint("Get the file whose name ends in _quantized.onnx, or the one without an ending.")
	case weights != AnyWeights && c.choose(AnyWeights, stems...) != nil:
		return unsupported("this model is not there in the form that was asked for: %q", string(weights)).
			WithHint("Leave the form to Inkpool, or get that file too.")
	default:
		return unsupported("this model is not complete: there is no %s.onnx", strings.Join(stems, ".onnx, or no ")).
			WithHint("Get the whole folder, with everything in onnx/.")
	}
}

// besideForm is how files are called, behind the name of a model, that have weights of it.
var besideForm = regexp.MustCompile(`^(_data(_[0-9]+)?|\.data)$`)

// weightsBeside lists the files whose names say that they are weights of a model.
func (c contents) weightsBeside(model string) []string {
	var found []string
	for _, p := range c.paths {
		if rest, ok := strings.CutPrefix(p, model); ok && besideForm.MatchString(rest) {
			found = append(found, p)
		}
	}
	return found
}
