package label

import "slices"

// scoreOutput finds the output with the values of the classes, by its name or as the only one
// that may be it: of so many dimensions, or of two at least for 0.
func scoreOutput(outputs []Value, dims int) (Value, error) {
	candidates := slices.DeleteFunc(slices.Clone(outputs), func(v Value) bool {
		n := len(v.Shape)
		return v.Type != typeFloat32 || v.Shape != nil && (n < 2 || dims > 0 && n != dims)
	})
	for _, v := range candidates {
		if v.Name == "logits" || len(candidates) == 1 || hasProbabilities(v.Name) {
			return v, nil
		}
	}
	switch {
	case len(candidates) > 0:
		return Value{}, refused("it computes %d things, and none is called \"logits\" or \"probabilities\"", len(candidates))
	case slices.ContainsFunc(outputs, func(v Value) bool { return v.Type == 0 }):
		return Value{}, refused("its scores are in tables by name, which Inkpool does not read").
			WithHint("Convert it again with the option zipmap=False.")
	default:
		return Value{}, refused("it computes no scores that Inkpool could read")
	}
}
