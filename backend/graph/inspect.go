package graph

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Numbers of further fields in onnx.proto: of ModelProto, GraphProto, AttributeProto,
// SparseTensorProto, TensorProto and FunctionProto.
const (
	modelIRVersion = 1
	modelFunction  = 25

	graphSparse = 15

	attributeTensors       = 10
	attributeSparse        = 22
	attributeSparseTensors = 23

	sparseValues  = 1
	sparseIndices = 2

	tensorExternal = 13

	functionName   = 1
	functionNode   = 7
	functionDomain = 10
)

// Bounds of what is kept of a model, far above any that is known. A model of 2 GB of nested
// nothing must not fill the memory, nor the stack.
const (
	maxText     = 1 << 12 // bytes of a name
	maxEntry    = 1 << 22 // bytes of an input, or of an entry of the metadata: dictionaries lie there
	maxValues   = 10_000  // inputs, outputs, entries of the metadata, operators, functions
	maxNested   = 16      // graphs within graphs
	maxNodes    = 1_000_000
	maxExternal = 1000 // files
)

// Types of elements, by the numbers that TensorProto.DataType gives them. There are more.
const (
	Float32 = 1
	String  = 8
	Float16 = 10
)

// ONNX is the name of ONNX's own domain of operators, which models may also leave empty.
const ONNX = "ai.onnx"

// Structure is what a model consists of.
type Structure struct {
	Description
	Opsets   map[string]int64 // versions of the sets of operators that it asks for, by domain
	Domains  []string         // of the operators that it uses, sorted; those that it defines itself are left out
	External []External       // files that its weights lie in, by location
	Nodes    int              // with those of graphs within it, and those of a function for every call
}

// External is a file beside a model with weights of it.
type External struct {
	Location string // as the model has it: a path from its own folder
	Size     int64  // bytes that the file must have at least
}

// Inspect reads what the ONNX model of so many bytes consists of, without keeping its weights.
// What is no such model, what was cut off, and what no runtime could make sense of is
// CodeModelCorrupt; the cause says what is wrong. Errors of r come back as they are.
func Inspect(r io.Reader, size int64) (Structure, error) {
	i := inspector{
		scanner:   scanner{in: bufio.NewReaderSize(r, 1<<16)},
		opsets:    map[string]int64{},
		external:  map[string]int64{},
		functions: map[operator]calls{{}: {}},
	}
	s, err := i.model(size)
	switch {
	case err == nil:
		return s, nil
	case i.broken != nil:
		return Structure{}, i.broken
	case !i.begun:
		return Structure{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "this is no ONNX model").
			WithCause(err).WithHint("Get it again, from whoever publishes it.")
	case errors.Is(err, errCutOff):
		return Structure{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model is not complete: it ends too soon").
			WithCause(err).WithHint("Get it again.")
	default:
		return Structure{}, unreadable(err)
	}
}

// operator is an operator or a function; the zero value stands for the graph itself.
type operator struct{ domain, name string }

// calls is how often each operator is called.
type calls map[operator]int

// inspector collects what there is to know of a model.
type inspector struct {
	scanner
	begun bool // it began as a model does

	description Description
	opsets      map[string]int64
	external    map[string]int64   // bytes by location
	functions   map[operator]calls // what each function calls
	caller      calls              // of the function that is being read
	depth       int                // of graphs within graphs
	nodes       int
	operators   int
}

func (i *inspector) model(size int64) (Structure, error) {
	i.description.Metadata = map[string]string{}
	i.caller = i.functions[operator{}]
	graphs := 0
	err := i.message(size, func(f found) error {
		switch f.number {
		case modelIRVersion:
			i.begun = true
		case modelOpset:
			return i.opset(f)
		case modelMetadata:
			return i.entry(f)
		case modelFunction:
			return i.function(f)
		case modelGraph:
			i.begun = true
			graphs++
			return i.graph(f)
		}
		return nil
	})
	if err == nil && (graphs != 1 || len(i.opsets) == 0 || len(i.description.Inputs) == 0 || len(i.description.Outputs) == 0) {
		err = fmt.Errorf("%d graphs, %d operator sets, %d inputs, %d outputs", graphs, len(i.opsets), len(i.description.Inputs), len(i.description.Outputs))
	}
	if err != nil {
		return Structure{}, err
	}
	return i.structure()
}

// structure sums up what was found.
func (i *inspector) structure() (Structure, error) {
	s := Structure{Description: i.description, Opsets: i.opsets}
	domains := map[string]bool{}
	for _, called := range i.functions {
		for op := range called {
			if _, own := i.functions[op]; !own {
				domains[op.domain] = true
			}
		}
	}
	s.Domains = slices.Sorted(maps.Keys(domains))
	for _, location := range slices.Sorted(maps.Keys(i.external)) {
		s.External = append(s.External, External{Location: location, Size: i.external[location]})
	}
	var err error
	s.Nodes, err = i.expanded(operator{}, map[operator]int{})
	return s, err
}

// expanded is how many nodes a function has when the functions that it calls have been put in
// place of their calls. known has the result of those that were counted, and -1 for those
// that are being.
func (i *inspector) expanded(f operator, known map[operator]int) (int, error) {
	if n, ok := known[f]; ok {
		if n < 0 {
			return 0, fmt.Errorf("the function %s calls itself", f.name)
		}
		return n, nil
	}
	known[f] = -1
	sum := 0
	for op, times := range i.functions[f] {
		each := 1
		if _, own := i.functions[op]; own {
			var err error
			if each, err = i.expanded(op, known); err != nil {
				return 0, err
			}
		}
		if sum += times * each; sum > maxNodes {
			return 0, fmt.Errorf("it has more than %d nodes", maxNodes)
		}
	}
	known[f] = sum
	return sum, nil
}

// whole reads a field with all fields in it.
func (i *inspector) whole(f found, limit uint64) (field, error) {
	data, err := i.content(f, limit)
	return field{number: f.number, kind: f.kind, content: data}, err
}

func (i *inspector) opset(f found) error {
	whole, err := i.whole(f, maxText)
	if err != nil {
		return err
	}
	domain, version, err := whole.opset()
	i.opsets[domain] = max(i.opsets[domain], version)
	if err == nil && len(i.opsets) > maxValues {
		err = errTooMany
	}
	return err
}

// errTooMany: more than any model has.
var errTooMany = errors.New("there are too many of them")

func (i *inspector) entry(f found) error {
	whole, err := i.whole(f, maxEntry)
	if err != nil {
		return err
	}
	if len(i.description.Metadata) >= maxValues {
		return errTooMany
	}
	return i.description.takeEntry(whole)
}

// function reads a function that the model defines.
func (i *inspector) function(f found) error {
	var self operator
	outer := i.caller
	i.caller = calls{}
	err := i.message(int64(f.n), func(f found) (err error) {
		switch f.number {
		case functionName:
			self.name, err = i.text(f)
		case functionDomain:
			self.domain, err = i.domain(f)
		case functionNode:
			err = i.node(f)
		}
		return err
	})
	if self.domain == "" {
		self.domain = ONNX
	}
	if err == nil && len(i.functions) > maxValues {
		err = errTooMany
	}
	for op, n := range i.functions[self] { // of several definitions all count
		i.caller[op] += n
	}
	i.functions[self], i.caller = i.caller, outer
	return err
}

func (i *inspector) text(f found) (string, error) {
	data, err := i.content(f, maxText)
	return string(data), err
}

// domain reads the name of a domain.
func (i *inspector) domain(f found) (string, error) {
	name, err := i.text(f)
	if name == "" {
		name = ONNX
	}
	return name, err
}

// graph reads a graph: the model's own, or one in an attribute of a node.
func (i *inspector) graph(f found) error {
	if f.kind != protowire.BytesType {
		return errWireType
	}
	if i.depth++; i.depth > maxNested {
		return fmt.Errorf("graphs are nested more than %d deep", maxNested)
	}
	var inputs []Value
	constants := map[string]bool{}
	err := i.message(int64(f.n), func(f found) (err error) {
		switch f.number {
		case graphNode:
			err = i.node(f)
		case graphInitializer:
			var name string
			name, err = i.tensor(f)
			if len(constants) < maxValues { // only those that are inputs too matter
				constants[name] = true
			}
		case graphSparse:
			err = i.sparse(f)
		case graphInput:
			err = i.value(f, &inputs)
		case graphOutput:
			if i.depth == 1 {
				err = i.value(f, &i.description.Outputs)
			}
		}
		return err
	})
	if i.depth--; i.depth == 0 {
		i.description.Inputs = slices.DeleteFunc(inputs, func(v Value) bool { return constants[v.Name] })
	}
	return err
}

func (i *inspector) value(f found, list *[]Value) error {
	whole, err := i.whole(f, maxEntry)
	if err != nil {
		return err
	}
	if len(*list) >= maxValues {
		return errTooMany
	}
	v, err := whole.value()
	*list = append(*list, v)
	return err
}

func (i *inspector) node(f found) error {
	if f.kind != protowire.BytesType {
		return errWireType
	}
	if i.nodes++; i.nodes > maxNodes {
		return fmt.Errorf("it has more than %d nodes", maxNodes)
	}
	op := operator{domain: ONNX}
	err := i.message(int64(f.n), func(f found) (err error) {
		switch f.number {
		case nodeOp:
			op.name, err = i.text(f)
		case nodeDomain:
			op.domain, err = i.domain(f)
		case nodeAttribute:
			err = i.attribute(f)
		}
		return err
	})
	if i.caller[op]++; i.caller[op] == 1 {
		i.operators++
	}
	if err == nil && i.operators > maxValues {
		err = errTooMany
	}
	return err
}

func (i *inspector) attribute(f found) error {
	if f.kind != protowire.BytesType {
		return errWireType
	}
	return i.message(int64(f.n), func(f found) (err error) {
		switch f.number {
		case attributeTensor, attributeTensors:
			_, err = i.tensor(f)
		case attributeSparse, attributeSparseTensors:
			err = i.sparse(f)
		case attributeGraph, attributeGraphs:
			err = i.graph(f)
		}
		return err
	})
}

func (i *inspector) sparse(f found) error {
	if f.kind != protowire.BytesType {
		return errWireType
	}
	return i.message(int64(f.n), func(f found) (err error) {
		if f.number == sparseValues || f.number == sparseIndices {
			_, err = i.tensor(f)
		}
		return err
	})
}

// tensor reads the name of a tensor and where its weights lie.
func (i *inspector) tensor(f found) (name string, err error) {
	if f.kind != protowire.BytesType {
		return "", errWireType
	}
	place := map[string]string{}
	external := false
	err = i.message(int64(f.n), func(f found) (err error) {
		switch f.number {
		case tensorName:
			name, err = i.text(f)
		case tensorLocation:
			external = f.n == locationExternal
		case tensorExternal:
			var whole field
			if whole, err = i.whole(f, 2*maxText); err == nil {
				d := Description{Metadata: place}
				err = d.takeEntry(whole)
			}
		}
		return err
	})
	if err == nil && (external || len(place) > 0) {
		err = i.outside(place)
	}
	return name, err
}

// outside notes a piece of a file with weights.
func (i *inspector) outside(place map[string]string) error {
	var end int64
	for _, key := range []string{"offset", "length"} {
		text, ok := place[key]
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > 1<<50 {
			return fmt.Errorf("weights outside of the model have the %s %q", key, text)
		}
		end += n
	}
	location := place["location"]
	i.external[location] = max(i.external[location], end)
	if len(i.external) > maxExternal {
		return errTooMany
	}
	return nil
}
