package interp

import (
	"math"
	"math/bits"

	"rasp/lang/graph"
	"rasp/lang/value"
)

// elementwise is that of Evaluator.
func (c *Coded) elementwise(s *codedStep) bool {
	x := c.steps[s.args[0]].codes[:c.n]
	switch {
	case s.node.Op == graph.Ternary:
		yes, no := &c.steps[s.args[1]].codes, &c.steps[s.args[2]].codes
		for i := s.from; i < c.n; i++ {
			if c.about[x[i]]&isFalse == 0 {
				s.codes[i] = yes[i]
			} else {
				s.codes[i] = no[i]
			}
		}
		return true
	case len(s.args) == 1:
		return c.lookUp(s, x, nil)
	case len(s.args) == 2:
		return c.lookUp(s, x, c.steps[s.args[1]].codes[:c.n])
	}
	args := make([]value.Value, len(s.args))
	for i := s.from; i < c.n; i++ {
		for j, a := range s.args {
			args[j] = c.atoms[c.steps[a].codes[i]]
		}
		v, err := Apply(s.node, args)
		if err != nil {
			return false
		}
		s.codes[i] = c.code(v)
	}
	return true
}

// lookUp computes s from one operand or two, as Apply does, or as tokens are read.
func (c *Coded) lookUp(s *codedStep, x, y []int32) bool {
	for i := s.from; i < len(x); i++ {
		key := uint64(uint32(x[i]))
		if y != nil {
			key |= uint64(uint32(y[i])) << 32
		}
		at := s.place(key)
		if at.code < 0 || at.key != key {
			v, err := c.apply(s.node, x[i], y, i)
			if err != nil {
				return false
			}
			*at = cached{key, c.code(v)}
		}
		s.codes[i] = at.code
	}
	return true
}

// apply does an operation on the atoms of codes.
func (c *Coded) apply(node *graph.Node, x int32, y []int32, i int) (value.Value, error) {
	switch {
	case node.Op == graph.Tokens:
		return Token(c.atoms[x], node.Base)
	case y == nil:
		return Apply(node, []value.Value{c.atoms[x]})
	}
	return Apply(node, []value.Value{c.atoms[x], c.atoms[y[i]]})
}

// place is where a key is cached.
func (s *codedStep) place(key uint64) *cached {
	if s.cache == nil {
		s.cache = make([]cached, 1<<cachedBits)
		for i := range s.cache {
			s.cache[i].code = -1
		}
	}
	const golden = 0x9e3779b97f4a7c15 // Fibonacci hashing: Knuth, volume 3, section 6.4
	return &s.cache[key*golden>>(64-cachedBits)]
}

// visible are the columns that row i may select.
func (c *Coded) visible(i int) uint64 {
	if c.causal {
		return 2<<i - 1
	}
	return 1<<c.n - 1
}

// selector fills the rows of a selector.
func (c *Coded) selector(s *codedStep) bool {
	if s.node.Op == graph.Select {
		return c.compare(s)
	}
	a, b := &c.steps[s.args[0]].rows, &c.steps[s.args[len(s.args)-1]].rows
	for i := s.from; i < c.n; i++ {
		switch s.node.Op {
		case graph.SelAnd:
			s.rows[i] = a[i] & b[i]
		case graph.SelOr:
			s.rows[i] = a[i] | b[i]
		case graph.SelNot:
			s.rows[i] = ^a[i] & c.visible(i)
		case graph.SelOnly:
			if s.rows[i] = a[i]; a[i]&(a[i]-1) != 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// compare fills a Select whose keys and queries have words of one kind.
func (c *Coded) compare(s *codedStep) bool {
	keys, queries := &c.steps[s.args[0]], &c.steps[s.args[1]]
	t := keys.traits[c.n] | queries.traits[c.n]
	if t&wordless != 0 || t&isString != 0 && t&allKinds != isString {
		return false
	}
	for j, code := range keys.codes[:c.n] {
		c.keys[j] = c.words[code]
	}
	var row [1]uint64
	for i := s.from; i < c.n; i++ {
		if !c.causal && i > s.from && queries.codes[i] == queries.codes[i-1] {
			s.rows[i] = s.rows[i-1]
			continue
		}
		seen := c.n
		if c.causal {
			seen = i + 1
		}
		compareWords(s.node.Fn, row[:], c.keys[:seen], c.words[queries.codes[i]])
		s.rows[i] = row[0] & c.visible(i)
	}
	return true
}

// widths is that of Evaluator.
func (c *Coded) widths(s *codedStep) {
	rows := &c.steps[s.args[0]].rows
	for i := s.from; i < c.n; i++ {
		k := bits.OnesCount64(rows[i])
		at := s.place(uint64(k))
		if at.code < 0 || at.key != uint64(k) {
			v := value.OfInt(int64(k))
			if s.node.Op == graph.Any {
				v = value.OfBool(k > 0)
			}
			*at = cached{uint64(k), c.code(v)}
		}
		s.codes[i] = at.code
	}
}

// aggregate is that of Evaluator, where values are such that it sums floats.
func (c *Coded) aggregate(s *codedStep) bool {
	rows, values := &c.steps[s.args[0]].rows, &c.steps[s.args[1]]
	if s.mean >= s.from {
		s.mean = codedLength
	}
	for i := s.from; i < c.n; i++ {
		switch row := rows[i]; {
		case row == 0:
			s.codes[i] = s.absent
		case row&(row-1) == 0:
			s.codes[i] = values.codes[bits.TrailingZeros64(row)]
		case i > s.from && row == rows[i-1]:
			s.codes[i] = s.codes[i-1]
		default:
			s.mean = min(s.mean, i)
			s.codes[i] = c.meanOf(s, row, values)
		}
	}
	t := values.traits[c.n] & allKinds
	return s.mean >= c.n || t != isString && t != isBool && values.traits[c.n]&unsummed == 0
}

// meanOf is the code of the mean of the selected values.
func (c *Coded) meanOf(s *codedStep, row uint64, values *codedStep) int32 {
	sum, k := 0.0, bits.OnesCount64(row)
	for ; row != 0; row &= row - 1 {
		sum += c.sums[values.codes[bits.TrailingZeros64(row)]]
	}
	mean := sum / float64(k)
	key := math.Float64bits(mean)
	at := s.place(key)
	if at.code < 0 || at.key != key {
		*at = cached{key, c.code(value.OfFloat(mean))}
	}
	return at.code
}
