package translate

import (
	"context"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Graph is a loaded model with the names of its inputs and outputs, in the order in which the
// session takes them.
type Graph struct {
	Session         infer.Session
	Inputs, Outputs []string
}

// role is what an input or output of the decoder is for.
type role int

const (
	tokens    role = iota // [rows, length] ids of the output so far, or the last of them
	mask                  // [rows, source] 1 for pieces of the source, 0 behind its end
	hidden                // [rows, source, width] what the encoder made of the source
	useCache              // [1] which branch of a merged decoder runs
	logits                // [rows, length, vocabulary]
	selfPast              // [rows, heads, past, head] keys or values of the output so far
	crossPast             // [rows, heads, source, head] keys or values of the source
)

// port is one input or output of the decoder.
type port struct {
	role  role
	cache int // of selfPast and crossPast: twice the layer, plus 1 for values
}

// decoder is a Graph whose names are understood.
type decoder struct {
	session         infer.Session
	inputs, outputs []port
	layers          int // that have caches
}

// parseDecoder understands the names that optimum's exporter gives.
func parseDecoder(g Graph) (*decoder, error) {
	d := &decoder{session: g.Session}
	for _, name := range g.Inputs {
		p, ok := parsePort(name, "past_key_values.")
		if !ok || p.role == logits {
			return nil, unknownDecoder(name)
		}
		d.inputs = append(d.inputs, p)
	}
	for _, name := range g.Outputs {
		p, ok := parsePort(name, "present.")
		if !ok || p.role < logits {
			return nil, unknownDecoder(name)
		}
		d.outputs = append(d.outputs, p)
		if p.role == selfPast {
			d.layers = max(d.layers, p.cache/2+1)
		}
	}
	if !d.gives(logits) || d.layers == 0 {
		return nil, unknownDecoder("logits")
	}
	return d, nil
}

// maxLayers is twice what the deepest model that we know has, M2M-100 of 12 thousand million
// weights.
const maxLayers = 48

// parsePort understands one name; caches begin with prefix, such as
// "present.3.encoder.value".
func parsePort(name, prefix string) (p port, ok bool) {
	switch name {
	case "input_ids":
		return port{role: tokens}, true
	case "encoder_attention_mask":
		return port{role: mask}, true
	case "encoder_hidden_states":
		return port{role: hidden}, true
	case "use_cache_branch":
		return port{role: useCache}, true
	case "logits":
		return port{role: logits}, true
	}
	rest, isCache := strings.CutPrefix(name, prefix)
	number, what, _ := strings.Cut(rest, ".")
	layer, err := strconv.Atoi(number)
	if !isCache || err != nil || layer < 0 || layer >= maxLayers {
		return port{}, false
	}
	switch what {
	case "decoder.key":
		return port{selfPast, 2 * layer}, true
	case "decoder.value":
		return port{selfPast, 2*layer + 1}, true
	case "encoder.key":
		return port{crossPast, 2 * layer}, true
	case "encoder.value":
		return port{crossPast, 2*layer + 1}, true
	}
	return port{}, false
}

func (d *decoder) takes(r role) bool { return hasRole(d.inputs, r) }
func (d *decoder) gives(r role) bool { return hasRole(d.outputs, r) }

func hasRole(ports []port, r role) bool {
	for _, p := range ports {
		if p.role == r {
			return true
		}
	}
	return false
}

// run runs the decoder with what bind gives for each input and output.
func (d *decoder) run(ctx context.Context, input, output func(port) infer.Tensor) error {
	in, out := make([]infer.Tensor, len(d.inputs)), make([]infer.Tensor, len(d.outputs))
	for i, p := range d.inputs {
		in[i] = input(p)
	}
	for i, p := range d.outputs {
		out[i] = output(p)
	}
	return d.session.Run(ctx, in, out)
}

func unknownDecoder(name string) error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this model's decoder is of a kind that Inkpool does not know (%s)", name).
		WithHint("Use an export with a key-value cache, such as those of Xenova and onnx-community.")
}

// checkEncoder refuses encoders with other inputs and outputs than the usual ones, and returns
// the place of the attention mask among the inputs.
func checkEncoder(g Graph) (maskAt int, err error) {
	if len(g.Inputs) != 2 || len(g.Outputs) != 1 || g.Outputs[0] != "last_hidden_state" {
		return 0, unknownEncoder()
	}
	switch {
	case g.Inputs[0] == "input_ids" && g.Inputs[1] == "attention_mask":
		return 1, nil
	case g.Inputs[0] == "attention_mask" && g.Inputs[1] == "input_ids":
		return 0, nil
	}
	return 0, unknownEncoder()
}

func unknownEncoder() error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, "this model's encoder is of a kind that Inkpool does not know")
}
