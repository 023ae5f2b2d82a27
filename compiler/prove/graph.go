package prove

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"rasp/compiler/prove/witness"
	"rasp/lang"
	"rasp/lang/graph"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// ErrNoSource is the error for a model that does not carry its program.
var ErrNoSource = errors.New("the model does not carry the program that it was compiled from")

// program reads the text of a model, and checks what it says of vocabulary, length,
// direction and outputs.
func (p *prover) program(m *model.Model) error {
	if m.Source == "" {
		return ErrNoSource
	}
	text, faults := lang.ParseWith(programName, m.Source, func(path string) (string, error) {
		if loaded, ok := m.Loads[path]; ok {
			return loaded, nil
		}
		return "", fs.ErrNotExist
	})
	if err := faults.Err(); err != nil {
		return err
	}
	for _, t := range m.Vocab {
		v, err := value.ParseAtom(string(t))
		if err != nil {
			return fmt.Errorf("vocabulary: %w", err)
		}
		if v.JSON() != string(t) {
			p.open("token %s of the vocabulary is not written as %s", t, v.JSON())
		}
		p.vocab = append(p.vocab, v)
	}
	names := make([]string, len(m.Outputs))
	for i, o := range m.Outputs {
		names[i] = o.Name
	}
	outputs, fault := text.Outputs(names, p.vocab)
	if fault != nil {
		p.open("the program has no such outputs: %s", fault.Message)
	}
	p.outputs, p.own = outputs, len(text.Graph.Nodes)
	p.graph, p.nodes = text.Graph, graph.Reachable(graph.Roots(outputs)...)
	return nil
}

// extend appends the nodes of the witness that the text does not have. A witness that
// cannot be read is none.
func (p *prover) extend() {
	own := p.nodes
	if p.m.Witness == "" || p.read() == nil {
		return
	}
	p.nodes, p.witness = own, witness.Witness{}
}

// read reads the witness.
func (p *prover) read() error {
	if err := json.Unmarshal([]byte(p.m.Witness), &p.witness); err != nil {
		return err
	}
	if p.witness.Version != witness.Version || p.witness.Text != len(p.nodes) {
		return errors.New("the witness is of another version, or of another program")
	}
	for _, n := range p.witness.Nodes {
		built, err := p.node(n)
		if err != nil {
			return err
		}
		p.nodes = append(p.nodes, p.graph.Add(built))
	}
	return graph.Check(p.nodes...)
}

// operations by their words in a witness.
var (
	operations = map[string]graph.Op{"tokens": graph.Tokens, "indices": graph.Indices, "const": graph.Const,
		"unary": graph.Unary, "binary": graph.Binary, "if": graph.Ternary, "in": graph.In, "lookup": graph.Lookup,
		"lookup key": graph.LookupKey, "row": graph.Row, "cell": graph.Cell, "aggregate": graph.Aggregate,
		"selector_width": graph.Width, "any": graph.Any, "select": graph.Select, "and": graph.SelAnd, "or": graph.SelOr, "not": graph.SelNot, "only": graph.SelOnly}
	bases = map[string]graph.Base{"asis": graph.AsIs, "str": graph.Str, "int": graph.Int, "float": graph.Float, "bool": graph.Bool}
)

// node of a witness, an s-op or selector like those of the text.
func (p *prover) node(w witness.Node) (*graph.Node, error) {
	op, ok := operations[w.Op]
	if !ok {
		return nil, fmt.Errorf("no operation %q", w.Op)
	}
	n := &graph.Node{Op: op, Base: bases[w.Base], Places: w.Places, OfString: w.Chars}
	for _, a := range w.Args {
		if a < 0 || a >= len(p.nodes) {
			return nil, fmt.Errorf("no node %d", a)
		}
		n.Args = append(n.Args, p.nodes[a])
	}
	if n.Fn, ok = function(op, w.Fn); !ok {
		return nil, fmt.Errorf("no function %q", w.Fn)
	}
	var err error
	if w.Value != nil {
		if n.Value, err = parseAtom(w.Value); err != nil {
			return nil, err
		}
	}
	if n.List, err = parseAtoms(w.List); err != nil {
		return nil, err
	}
	if n.Keys, err = parseAtoms(w.Keys); err != nil || n.Op == graph.LookupKey && len(n.Keys) != len(n.List) {
		return nil, fmt.Errorf("keys of %s: %v", w.Op, err)
	}
	if op == graph.Row {
		n.Trie, err = trie(w)
	}
	return n, err
}

// function is that of a word: signs stand for another one with one operand than with two.
func function(op graph.Op, word string) (value.Fn, bool) {
	first, last := value.Add, value.Or
	switch op {
	case graph.Unary:
		first, last = value.Neg, value.Indicator
	case graph.Binary, graph.Select:
	default:
		return 0, true
	}
	for f := first; f <= last; f++ {
		if f.String() == word && (op != graph.Select || f.IsComparison()) {
			return f, true
		}
	}
	return 0, false
}

// trie is the table of a row.
func trie(w witness.Node) (*graph.Trie, error) {
	if len(w.Levels) == 0 {
		return nil, errors.New("a table without levels")
	}
	t := graph.NewTrie(len(w.Levels))
	levels := make([][]value.Value, len(w.Levels))
	for l, level := range w.Levels {
		var err error
		if levels[l], err = parseAtoms(level); err != nil {
			return nil, err
		}
	}
	for r, row := range w.Rows {
		if len(row) != len(levels) {
			return nil, errors.New("a row of another length than the table")
		}
		keys := make([]value.Value, len(row))
		for l, k := range row {
			if k < 0 || int(k) >= len(levels[l]) {
				return nil, errors.New("a row with a key that is not there")
			}
			keys[l] = levels[l][k]
		}
		if t.Add(keys) != r {
			return nil, errors.New("rows of a table that are not in its order")
		}
	}
	return t, nil
}

func parseAtom(raw json.RawMessage) (value.Value, error) { return value.ParseAtom(string(raw)) }

func parseAtoms(raw []json.RawMessage) ([]value.Value, error) {
	var list []value.Value
	for _, r := range raw {
		v, err := parseAtom(r)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
