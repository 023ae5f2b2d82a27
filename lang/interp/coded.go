package interp

import (
	"rasp/lang/graph"
	"rasp/lang/value"
)

// Coded evaluates s-ops on many short inputs that have few values among them, such as all
// inputs of a domain. Each atom that it meets gets a code, a small number, and what an
// operation gives for atoms it has had is looked up by their codes; rows of selectors are
// words. What an input has in common with the one before is not computed again: an s-op
// stands up to the first position that reads something else, and in causal mode so does a
// selector.
//
// It computes nothing by itself: what is looked up came from Apply. Of an input that has a
// fault, or on which it would have to do something else than Evaluator does, Run says so,
// and that is to be asked.
type Coded struct {
	causal bool
	steps  []codedStep
	slot   map[*graph.Node]int

	runs, refused, forgotten int // how often; see pays

	n, before int     // length of the input of this Run, and of the last; 0: of none that succeeded
	input     []int32 // codes of the tokens
	common    int     // how many tokens this input and the last begin with

	codes map[value.Value]int32
	atoms []value.Value // by code
	about []traits      // by code: of the atom
	words []int64       // by code: it compares as the atom does, of two with the same kind of word
	sums  []float64     // by code: the atom in a sum
	keys  [codedLength]int64
}

// codedLength is the length of the longest inputs: a row of a selector is a word.
const codedLength = 64

// mostCodes is how many atoms are remembered; when there are more, all are forgotten.
const mostCodes = 1 << 14

// traits of an atom are bits; of a sequence, those of all its atoms.
type traits uint8

const (
	isString traits = 1 << value.String
	isBool   traits = 1 << value.Bool
	isFalse  traits = 1 << 4 // and all that counts as that
	wordless traits = 1 << 5 // there is no word that compares like it
	unsummed traits = 1 << 6 // in a sum of codedLength atoms it may have to be rounded
	allKinds        = 1<<value.Int | 1<<value.Float | isString | isBool
)

// codedStep is a node with the place of its operands and its result.
type codedStep struct {
	node *graph.Node
	args []int // indices of the operands in Coded.steps

	from     int                     // in this Run: positions before that stand as they are
	known    int                     // of what is the same in all inputs: positions that are computed
	codes    [codedLength]int32      // s-ops
	traits   [codedLength + 1]traits // s-ops: of all atoms before a position
	rows     [codedLength]uint64     // selectors
	mean     int                     // aggregate: the first position that is a mean; codedLength: none
	cache    []cached                // of what is looked up: a power of two
	absent   int32                   // the code of the node's value
	sequence []value.Value           // as shown
}

// cached is an operation that has been done: its operands' codes, or a mean, and the code of
// the result; -1: none.
type cached struct {
	key  uint64
	code int32
}

// cachedBits says how many are kept for a step.
const cachedBits = 9

// NewCoded prepares the evaluation of the roots and all that they depend on.
func NewCoded(causal bool, roots ...*graph.Node) *Coded {
	c := &Coded{causal: causal, slot: map[*graph.Node]int{}}
	for _, n := range graph.Reachable(roots...) {
		c.slot[n] = len(c.steps)
		s := codedStep{node: n}
		for _, a := range n.Args {
			s.args = append(s.args, c.slot[a])
		}
		c.steps = append(c.steps, s)
	}
	c.forget()
	return c
}

// forget leaves no codes, and nothing that stands.
func (c *Coded) forget() {
	c.codes, c.atoms, c.about, c.words, c.sums = map[value.Value]int32{}, nil, nil, nil, nil
	c.before, c.input = 0, nil
	for i := range c.steps {
		s := &c.steps[i]
		s.known, s.cache, s.absent = 0, nil, c.code(s.node.Value)
	}
}

// code of an atom.
func (c *Coded) code(v value.Value) int32 {
	if code, ok := c.codes[v]; ok {
		return code
	}
	code := int32(len(c.atoms))
	t := traits(1) << v.Kind()
	word, ok := floatWord(v)
	if !ok {
		if word, ok = textWord(v); !ok {
			t |= wordless
		}
	}
	if !v.Truthy() {
		t |= isFalse
	}
	if i, whole := v.Int64(); v.Kind() != value.Float && (!whole || i > 1<<53/codedLength || i < -1<<53/codedLength) {
		t |= unsummed
	}
	c.codes[v] = code
	c.atoms, c.about = append(c.atoms, v), append(c.about, t)
	c.words, c.sums = append(c.words, word), append(c.sums, v.Float64())
	return code
}

// Run evaluates every node on an input. If it is false, there is no result: the input is to
// be given to an Evaluator.
func (c *Coded) Run(input []value.Value) bool {
	if len(input) == 0 || len(input) > codedLength || !c.pays() {
		return false
	}
	c.runs++
	if len(c.atoms) > mostCodes {
		c.forgotten++
		c.forget()
	}
	c.n = len(input)
	c.read(input)
	for i := range c.steps {
		if !c.evaluate(&c.steps[i]) {
			c.refused++
			c.nothingStands()
			return false
		}
	}
	c.before = c.n
	return true
}

// pays reports that most inputs have results, and few have atoms that none had before.
func (c *Coded) pays() bool {
	const enough, rare = 256, 4096 // runs
	return c.runs < enough || 2*c.refused <= c.runs && rare*c.forgotten <= c.runs
}

// read makes codes of the tokens.
func (c *Coded) read(input []value.Value) {
	c.common = 0
	for c.common < min(c.n, c.before) && c.atoms[c.input[c.common]] == input[c.common] {
		c.common++
	}
	c.input = c.input[:c.common]
	for _, v := range input[c.common:] {
		c.input = append(c.input, c.code(v))
	}
}

// nothingStands is after a Run without results.
func (c *Coded) nothingStands() {
	c.before = 0
	for i := range c.steps {
		c.steps[i].known = 0
	}
}

// evaluate fills the result of s from its first position on that may have changed.
func (c *Coded) evaluate(s *codedStep) bool {
	s.from = c.standing(s)
	if s.from == c.n && (s.node.Op != graph.Aggregate) {
		return true
	}
	if s.node.IsSelector() {
		return c.selector(s)
	}
	switch s.node.Op {
	case graph.Tokens:
		copy(s.codes[s.from:], c.input[s.from:])
		if s.node.Base != graph.AsIs && !c.lookUp(s, s.codes[:c.n], nil) {
			return false
		}
	case graph.Indices:
		for i := s.from; i < c.n; i++ {
			s.codes[i] = c.code(value.OfInt(int64(i)))
		}
		s.known = max(s.known, c.n)
	case graph.Const:
		for i := s.from; i < c.n; i++ {
			s.codes[i] = s.absent
		}
		s.known = max(s.known, c.n)
	case graph.Aggregate:
		if !c.aggregate(s) {
			return false
		}
	case graph.Width, graph.Any:
		c.widths(s)
	default:
		if !c.elementwise(s) {
			return false
		}
	}
	return c.gather(s)
}

// standing is up to which position the result of s is that of the last Run.
func (c *Coded) standing(s *codedStep) int {
	switch s.node.Op {
	case graph.Tokens:
		return c.common
	case graph.Indices, graph.Const:
		return min(s.known, c.n)
	}
	from := c.n
	for _, a := range s.args {
		from = min(from, c.steps[a].from)
	}
	// Without causality all positions are read: those of keys and of values, and of a
	// selector how many there are.
	switch keys := s.args[0]; {
	case c.causal:
	case s.node.IsSelector() && c.n != c.before:
		return 0
	case s.node.Op == graph.Aggregate:
		keys = s.args[1]
		fallthrough
	case s.node.Op == graph.Select:
		if c.steps[keys].from < c.n {
			return 0
		}
	}
	return from
}

// gather finds the traits of a sequence; false if its atoms have no common type.
func (c *Coded) gather(s *codedStep) bool {
	t := s.traits[s.from]
	for i := s.from; i < c.n; i++ {
		t |= c.about[s.codes[i]]
		s.traits[i+1] = t
	}
	return t&isString == 0 || t&allKinds == isString
}

// Sequence is the result of an s-op in the last Run, which succeeded, valid until the next;
// nil for other nodes.
func (c *Coded) Sequence(node *graph.Node) []value.Value {
	i, ok := c.slot[node]
	if !ok || node.IsSelector() {
		return nil
	}
	s := &c.steps[i]
	s.sequence = resize(s.sequence, c.n)
	for i, code := range s.codes[:c.n] {
		s.sequence[i] = c.atoms[code]
	}
	return s.sequence
}
