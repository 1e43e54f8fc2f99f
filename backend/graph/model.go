package graph

import (
	"errors"
	"fmt"
	"slices"
)

// Numbers of the fields of ModelProto, OperatorSetIdProto, GraphProto and ValueInfoProto
// in onnx.proto.
const (
	modelGraph  = 7
	modelOpset  = 8
	opsetDomain = 1
	opsetNumber = 2

	graphNode        = 1
	graphInitializer = 5
	graphInput       = 11
	graphOutput      = 12
	graphValueInfo   = 13
	valueName        = 1
)

// model is a ModelProto whose graph can be changed. All that is not named here stays as
// it was.
type model struct {
	opset        int64  // version of ONNX's own operators
	before       []byte // fields of the model in front of the graph and behind it
	after        []byte
	rest         []byte // other fields of the graph
	initializers []initializer
	nodes        []*node
	outputs      map[string]bool // of the graph

	constants map[string]*tensor
	producers map[string]*node // values that a node computes
	consumers map[string][]*node
	names     map[string]bool // of initialisers and inputs of the graph
	made      []*node         // constants since the last sweep
	fresh     int             // names that were made up
}

type initializer struct {
	name string
	raw  []byte // the field of GraphProto
}

// parseModel reads a ModelProto. It checks what the rewrites rely on and leaves the rest
// to the runtime.
func parseModel(data []byte) (*model, error) {
	fields, err := parseFields(data)
	if err != nil {
		return nil, err
	}
	m := &model{constants: map[string]*tensor{}, names: map[string]bool{}, outputs: map[string]bool{}}
	var graph *field
	for i, f := range fields {
		switch {
		case f.number == modelGraph && graph != nil:
			return nil, errors.New("the model has two graphs")
		case f.number == modelGraph:
			graph = &fields[i]
			continue
		case f.number == modelOpset:
			if err := m.takeOpset(f); err != nil {
				return nil, fmt.Errorf("operator set: %w", err)
			}
		}
		if graph == nil {
			m.before = append(m.before, f.raw...)
		} else {
			m.after = append(m.after, f.raw...)
		}
	}
	if graph == nil || m.opset == 0 {
		return nil, errors.New("there is no graph, or no operator set")
	}
	if err := m.takeGraph(*graph); err != nil {
		return nil, err
	}
	return m, m.connect()
}

func (m *model) takeOpset(f field) error {
	domain, version, err := f.opset()
	if domain == ONNX {
		m.opset = version
	}
	return err
}

// opset reads an OperatorSetIdProto.
func (f field) opset() (domain string, version int64, err error) {
	fields, err := f.message()
	for _, f := range fields {
		switch f.number {
		case opsetDomain:
			domain, err = f.text()
		case opsetNumber:
			version, err = f.integer()
		}
		if err != nil {
			return "", 0, err
		}
	}
	if domain == "" {
		domain = ONNX
	}
	return domain, version, err
}

func (m *model) takeGraph(graph field) error {
	fields, err := graph.message()
	if err != nil {
		return fmt.Errorf("graph: %w", err)
	}
	var inputs []string
	for _, f := range fields {
		var name string
		switch f.number {
		case graphNode:
			err = m.takeNode(f)
		case graphInitializer:
			err = m.takeInitializer(f)
		case graphInput:
			name, err = f.valueName()
			inputs = append(inputs, name)
			m.rest = append(m.rest, f.raw...)
		case graphOutput:
			name, err = f.valueName()
			m.outputs[name] = true
			m.rest = append(m.rest, f.raw...)
		case graphValueInfo: // the shapes of values that may soon be gone; hints only
		default:
			m.rest = append(m.rest, f.raw...)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range inputs {
		m.names[name] = true
		delete(m.constants, name) // callers may give another value
	}
	return nil
}

func (m *model) takeNode(f field) error {
	fields, err := f.message()
	if err != nil {
		return err
	}
	n, err := parseNode(fields)
	if err != nil {
		return err
	}
	m.nodes = append(m.nodes, n)
	if value := n.attribute("value"); n.is("Constant", 0) && value != nil && value.tensor != nil {
		m.constants[n.outputs[0]] = value.tensor
	}
	return nil
}

func (m *model) takeInitializer(f field) error {
	fields, err := f.message()
	if err != nil {
		return err
	}
	name, t, err := parseTensor(fields)
	if err != nil {
		return err
	}
	m.initializers = append(m.initializers, initializer{name: name, raw: f.raw})
	m.names[name] = true
	if t != nil {
		m.constants[name] = t
	}
	return nil
}

// valueName is the name in a ValueInfoProto.
func (f field) valueName() (name string, err error) {
	fields, err := f.message()
	for _, f := range fields {
		if f.number == valueName && err == nil {
			name, err = f.text()
		}
	}
	return name, err
}

func (m *model) hasSubgraphs() bool {
	return slices.ContainsFunc(m.nodes, func(n *node) bool {
		return slices.ContainsFunc(n.attributes, func(a attribute) bool { return a.subgraph })
	})
}

// encode returns the ModelProto.
func (m *model) encode() []byte {
	var graph []byte
	for _, n := range m.nodes {
		graph = appendMessage(graph, graphNode, n.encode())
	}
	for _, i := range m.initializers {
		graph = append(graph, i.raw...)
	}
	graph = append(graph, m.rest...)
	return append(appendMessage(slices.Clone(m.before), modelGraph, graph), m.after...)
}
