package label

import (
	"math"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// activation says how what a model computes for each label becomes a score.
type activation int

const (
	softmax     activation = iota // one label applies
	sigmoid                       // each label applies or not, whatever the others do
	independent                   // the same, where the values are probabilities already
	none                          // the value is the score
)

// scores turns a row of a model's output into scores.
func (a activation) scores(values []float32) []float64 {
	out := make([]float64, len(values))
	switch {
	case a == softmax && !isDistribution(values):
		softmaxInto(out, values)
	case a == sigmoid:
		for i, v := range values {
			out[i] = 1 / (1 + math.Exp(-float64(v)))
		}
	default:
		for i, v := range values {
			out[i] = float64(v)
		}
	}
	return out
}

// isDistribution reports whether values are probabilities already. Some exporters leave the
// last layer in the graph, and nothing says so; values that happen to be so without it are as
// good as impossible. (Logarithms of probabilities need no care: softmax undoes them.)
func isDistribution(values []float32) bool {
	sum := 0.0
	for _, v := range values {
		if v < 0 || v > 1 {
			return false
		}
		sum += float64(v)
	}
	return math.Abs(sum-1) < 1e-3 // half precision and 8 bits round to that
}

func softmaxInto(out []float64, values []float32) {
	highest, sum := math.Inf(-1), 0.0
	for _, v := range values {
		highest = max(highest, float64(v))
	}
	for i, v := range values {
		out[i] = math.Exp(float64(v) - highest)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
}

// hasProbabilities reports whether an output's name promises probabilities.
func hasProbabilities(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "prob") || strings.Contains(name, "sigmoid") || strings.Contains(name, "softmax")
}

// of is the activation that is left to do behind an output. Values that stand for themselves
// cannot be told from probabilities by looking at them: there, its name must do.
func (a activation) of(out Value) activation {
	if a == sigmoid && hasProbabilities(out.Name) {
		return independent
	}
	return a
}

// labels returns what scores say. Without names, labels have the numbers of their classes.
func (a activation) labels(names []string, scores []float64) ([]inkpool.Label, error) {
	if names == nil {
		names = numbers(len(scores))
	}
	names, err := fit(names, len(scores))
	if err != nil {
		return nil, err
	}
	labels := ranked(names, scores)
	if len(labels) > 1 && (a == sigmoid || a == independent) {
		return applying(labels), nil
	}
	return leading(labels), nil
}

// mean is that of several runs' scores for the same labels, by their weights; nil: all alike.
func mean(runs [][]float64, weights []float64) ([]float64, error) {
	out := make([]float64, len(runs[0]))
	total := 0.0
	for i, scores := range runs {
		if len(scores) != len(out) {
			return nil, refused("it gives %d scores at one time and %d at another", len(out), len(scores))
		}
		weight := 1.0
		if weights != nil {
			weight = weights[i]
		}
		for k, s := range scores {
			out[k] += s * weight
		}
		total += weight
	}
	for k := range out {
		out[k] /= total
	}
	return out, nil
}
