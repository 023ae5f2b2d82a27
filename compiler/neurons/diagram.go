package neurons

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"rasp/compiler/facts"
	"rasp/compiler/table"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
)

// A chain of elementwise s-ops over many variables (a long "or" of "and"s) has no
// table of moderate size, but one MLP computes it all the same if deciding one
// variable after the other leaves few paths: each is a box, and another variable
// may come next on each. What remains of an s-op once some variables are decided
// is found by running it on sets of values, with the interpreter's arithmetic.
// Bryant 1986, "Graph-Based Algorithms for Boolean Function Manipulation", with an
// order for each path.

// Limits of a diagram: variables and values of an s-op (bits of a set), boxes, and
// evaluations of what remains.
const (
	maxSet         = 64
	maxPaths       = 1 << 10
	maxEvaluations = 1 << 16
)

// diagram is an s-op as a function of what is known before an MLP.
type diagram struct {
	*MLP
	before int            // the time by which variables must be there
	nodes  []*diagramNode // operands first
	index  map[*graph.Node]int
	vars   []*diagramVar
	tries  int
	boxes  []table.Box
}

// diagramNode is an s-op: a leaf is a function of one variable that is known.
type diagramNode struct {
	*graph.Node
	count int     // values
	args  []int   // places of its operands
	leaf  int     // place of its variable, or -1
	ids   []int32 // leaf: its value by state of the variable
	table []int32 // its value by those of its operands, row-major; none: it cannot be
	reads uint64  // variables that it depends on
}

// diagramVar is a variable: classes of states that no leaf tells apart.
type diagramVar struct {
	input
	class  []int32
	states [][]int // by class
	leaves []int
}

// diagram cuts v into boxes of what is known before the MLP at time when; nil if
// something is known later, or it takes too many boxes.
func (l *MLP) diagram(v *facts.Variable, when int) *boxes {
	d := &diagram{MLP: l, before: when, index: map[*graph.Node]int{}}
	root, ok := d.add(v.Node, true)
	if !ok || !d.classify() {
		return nil
	}
	allowed := make([]uint64, len(d.vars))
	for i, x := range d.vars {
		allowed[i] = ^uint64(0) >> (maxSet - len(x.states))
	}
	sets := make([]uint64, len(d.nodes))
	d.evaluate(sets, allowed, ^uint64(0))
	if !d.decide(root, sets, allowed, make([][]int, len(d.vars))) || !d.inTime() {
		return nil
	}
	u := &boxes{when: when, Count: len(d.boxes), cut: d.boxes, rest: commonest(d.boxes)}
	for _, x := range d.vars {
		u.inputs = append(u.inputs, x.input)
	}
	return u
}

// add puts n and what it is computed from into the diagram, down to what is known
// in time. The root itself is no leaf.
func (d *diagram) add(n *graph.Node, root bool) (place int, ok bool) {
	if place, ok := d.index[n]; ok {
		return place, true
	}
	r := d.Table(n)
	if r.Unbounded || len(r.Values) > maxSet || len(r.Values) == 0 || len(d.nodes) == 8*maxSet {
		return 0, false
	}
	node := &diagramNode{Node: n, count: len(r.Values), leaf: -1}
	switch source := d.Source(n); {
	case source == nil:
		node.table = []int32{0}
	case !root && d.known(n, source):
		if node.leaf = slices.IndexFunc(d.vars, func(x *diagramVar) bool { return x.variable == source }); node.leaf < 0 {
			if node.leaf = len(d.vars); node.leaf == maxSet {
				return 0, false
			}
			d.vars = append(d.vars, &diagramVar{input: input{variable: source}})
		}
		node.ids, node.reads = d.IdsBySource(n), 1<<node.leaf
		d.vars[node.leaf].leaves = append(d.vars[node.leaf].leaves, len(d.nodes))
	case !n.Elementwise():
		return 0, false
	default:
		for _, arg := range n.Args {
			at, ok := d.add(arg, false)
			if !ok {
				return 0, false
			}
			node.args, node.reads = append(node.args, at), node.reads|d.nodes[at].reads
		}
		if !d.tabulateNode(node) {
			return 0, false
		}
	}
	d.index[n] = len(d.nodes)
	d.nodes = append(d.nodes, node)
	return len(d.nodes) - 1, true
}

// known reports whether every value of n can be told in time.
func (d *diagram) known(n *graph.Node, source *facts.Variable) bool {
	ids := d.IdsBySource(n)
	for id := range d.Table(n).Values {
		f := make([]float64, len(ids))
		for s, x := range ids {
			f[s] = facts.Indicate(int(x) == id)
			if x == facts.None {
				f[s] = math.NaN()
			}
		}
		if d.When(source, f) >= d.before {
			return false
		}
	}
	return true
}

// tabulateNode runs an s-op on all values of its operands; false if they are too
// many.
func (d *diagram) tabulateNode(n *diagramNode) bool {
	size, values := 1, d.Table(n.Node).Values
	for _, at := range n.args {
		if size *= d.nodes[at].count; size > 1<<14 {
			return false
		}
	}
	ids := map[value.Value]int32{}
	for id, v := range values {
		ids[v] = int32(id)
	}
	n.table = make([]int32, size)
	operands := make([]value.Value, len(n.args))
	for cell := range n.table {
		rest := cell
		for i := len(n.args) - 1; i >= 0; i-- {
			at := n.args[i]
			operands[i] = d.Table(d.nodes[at].Node).Values[rest%d.nodes[at].count]
			rest /= d.nodes[at].count
		}
		n.table[cell] = facts.None
		if v, err := interp.Apply(n.Node, operands); err == nil {
			if id, ok := ids[v]; ok {
				n.table[cell] = id
			}
		}
	}
	return true
}

// classify groups the states of each variable; false if one has too many.
func (d *diagram) classify() bool {
	for _, x := range d.vars {
		tables := make([][]int32, len(x.leaves))
		for i, at := range x.leaves {
			tables[i] = d.nodes[at].ids
		}
		s := facts.Classify(x.variable, tables)
		if len(s.Size) > maxSet {
			return false
		}
		x.class, x.states, x.never = s.Class, make([][]int, len(s.Size)), make([]bool, len(s.Class))
		for state, c := range s.Class {
			if x.never[state] = c == facts.None; c != facts.None {
				x.states[c] = append(x.states[c], state)
			}
		}
	}
	return true
}

// evaluate finds the sets of values that all s-ops can have that read one of the
// changed variables, if those are in allowed classes.
func (d *diagram) evaluate(sets, allowed []uint64, changed uint64) {
	d.tries++
	for i, n := range d.nodes {
		switch {
		case n.leaf >= 0 && n.reads&changed != 0:
			sets[i] = 0
			for c := range members(allowed[n.leaf]) {
				sets[i] |= 1 << n.ids[d.vars[n.leaf].states[c][0]]
			}
		case n.leaf < 0 && (n.reads&changed != 0 || sets[i] == 0):
			sets[i] = d.image(n, sets, 0, 0)
		}
	}
}

// image is the set of values of n for the sets of its operands from the k-th on;
// cell is the place in the table that those before lead to.
func (d *diagram) image(n *diagramNode, sets []uint64, k, cell int) uint64 {
	if k == len(n.args) {
		if n.table[cell] == facts.None {
			return 0
		}
		return 1 << n.table[cell]
	}
	at, set := n.args[k], uint64(0)
	for id := range members(sets[at]) {
		set |= d.image(n, sets, k+1, cell*d.nodes[at].count+id)
	}
	return set
}

// members goes through the elements of a set.
func members(set uint64) func(func(int) bool) {
	return func(yield func(int) bool) {
		for ; set != 0; set &= set - 1 {
			if !yield(bits.TrailingZeros64(set)) {
				return
			}
		}
	}
}

// remains describes what is left of the root: the s-ops below it that are not
// decided, with the sets of their operands, equal for equal functions; and the
// variables that they read.
func (d *diagram) remains(root int, sets []uint64) (key string, reads uint64) {
	b := binary.LittleEndian.AppendUint64(nil, sets[root])
	seen := make([]bool, len(d.nodes))
	var visit func(i int)
	visit = func(i int) {
		n := d.nodes[i]
		if seen[i] || bits.OnesCount64(sets[i]) < 2 {
			return
		}
		seen[i] = true
		if n.leaf >= 0 {
			reads |= n.reads
			return
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(i))
		for _, at := range n.args {
			b = binary.LittleEndian.AppendUint64(b, sets[at])
			visit(at)
		}
	}
	visit(root)
	return string(b), reads
}

// branch is a group of classes of a variable that leave the same to be decided.
type branch struct {
	classes []int
	sets    []uint64
	reads   uint64
}

// decide adds the boxes of what remains of the root; in is what has been decided
// on the way. false if there are too many.
func (d *diagram) decide(root int, sets, allowed []uint64, in [][]int) bool {
	_, reads := d.remains(root, sets)
	if reads == 0 {
		if sets[root] == 0 {
			return true // no input leads here
		}
		d.boxes = append(d.boxes, table.Box{In: slices.Clone(in), Table: []int32{int32(bits.TrailingZeros64(sets[root]))}})
		return len(d.boxes) <= maxPaths
	}
	var best []branch
	variable, least := 0, math.MaxInt
	for x := range members(reads) {
		branches, left := d.branches(root, x, sets, allowed)
		if left < least {
			best, variable, least = branches, x, left
		}
		if d.tries > maxEvaluations {
			return false
		}
	}
	before := allowed[variable]
	for _, b := range best {
		var states []int
		for _, c := range b.classes {
			states = append(states, d.vars[variable].states[c]...)
		}
		slices.Sort(states)
		in[variable], allowed[variable] = states, 1<<b.classes[0]
		if !d.decide(root, b.sets, allowed, in) {
			return false
		}
	}
	in[variable], allowed[variable] = nil, before
	return true
}

// branches are what the classes of variable x leave, and how many variables are
// to be decided after that, in all.
func (d *diagram) branches(root, x int, sets, allowed []uint64) (list []branch, left int) {
	places, before := map[string]int{}, allowed[x]
	for c := range members(before) {
		after := slices.Clone(sets)
		allowed[x] = 1 << c
		d.evaluate(after, allowed, 1<<x)
		if after[root] == 0 {
			continue
		}
		key, reads := d.remains(root, after)
		at, ok := places[key]
		if !ok {
			at = len(list)
			places[key] = at
			list = append(list, branch{sets: after, reads: reads})
			left += 1 + bits.OnesCount64(reads)
		}
		list[at].classes = append(list[at].classes, c)
	}
	allowed[x] = before
	return list, left
}

// inTime reports whether membership in each set of states of the boxes is known
// in time.
func (d *diagram) inTime() bool {
	for i, x := range d.vars {
		seen := map[string]bool{}
		for _, b := range d.boxes {
			if b.In[i] == nil {
				continue
			}
			f := x.memberOf(b.In[i])
			if key := facts.FunctionKey(f); !seen[key] {
				seen[key] = true
				if d.When(x.variable, f) >= d.before {
					return false
				}
			}
		}
	}
	return true
}
