package inside

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Effect is what becomes of an intervention. docs/effect.schema.json describes its JSON.
type Effect struct {
	Input   []model.Token   `json:"input"`
	Names   []string        `json:"outputs"`
	Before  [][]model.Token `json:"before"` // [output][position]
	After   [][]model.Token `json:"after"`
	Changed []Change        `json:"changed"` // s-ops that the model holds otherwise
	// Logits are those after the intervention, if they are asked for, [position][column of
	// W_U]; BOS is left out.
	Logits []Row `json:"logits,omitempty"`
	// Program is what the interpreter says where only s-ops are set: the counterfactual;
	// nil for other interventions, and predictions.
	Program [][]model.Token `json:"program,omitempty"`
	Fault   string          `json:"fault,omitempty"` // why the program has none
	// Outside is why the counterfactual is none that the model is made for; then nothing is
	// promised of it.
	Outside string `json:"outside,omitempty"`
	// Agree says that model and program are alike in each s-op and output; nil if there is
	// nothing to compare. Differ is where they are not.
	Agree  *bool        `json:"agree,omitempty"`
	Differ []Difference `json:"differ,omitempty"`
	// Note says of a difference that it is of values that may stand together on no input, where
	// neither that they do nor that they do not is known.
	Note string `json:"note,omitempty"`
}

// Change is an s-op that the model holds otherwise after an intervention.
type Change struct {
	SOp      string  `json:"sop"`
	Position int     `json:"position"`
	Before   Reading `json:"before"`
	After    Reading `json:"after"`
}

// Difference is where the model is not as the program says.
type Difference struct {
	Name     string      `json:"name"`
	Position int         `json:"position"`
	Model    Reading     `json:"model"`
	Program  model.Token `json:"program"`
}

// Intervene runs an input with and without an intervention.
func (x *Model) Intervene(input []value.Value, v Intervention) (*Effect, error) {
	ids, err := x.IDs(input)
	if err != nil {
		return nil, err
	}
	hooks, err := x.hooks(v, ids)
	if err != nil {
		return nil, err
	}
	before, after := inspect.Of(x.Model, ids, inspect.Hooks{Keep: none}), inspect.Of(x.Model, ids, hooks)
	e := &Effect{Before: x.outputs(before), After: x.outputs(after), Changed: []Change{}}
	for _, o := range x.Outputs {
		e.Names = append(e.Names, o.Name)
	}
	for _, t := range input {
		e.Input = append(e.Input, model.Token(t.JSON()))
	}
	for s := range x.Names.SOps {
		if !x.Shows(s) {
			continue
		}
		for i := range input {
			if was, is := x.read(s, before, i), x.read(s, after, i); !was.equal(is) {
				e.Changed = append(e.Changed, Change{x.Names.SOps[s].Name, i, was, is})
			}
		}
	}
	if v.Logits {
		for _, row := range after.Logits[1:] {
			e.Logits = append(e.Logits, row)
		}
	}
	if len(v.Set) > 0 && len(v.Ablate)+len(v.Patch) == 0 {
		return e, x.compare(e, input, v.Set, after)
	}
	return e, nil
}

func (r Reading) equal(s Reading) bool {
	if r.Number != nil && s.Number != nil {
		return isNear(*r.Number, *s.Number)
	}
	if len(r.Values) != len(s.Values) {
		return false
	}
	for i := range r.Values {
		if r.Values[i] != s.Values[i] {
			return false
		}
	}
	return true
}

// compare holds what the model gives against the program in which the same is set.
func (x *Model) compare(e *Effect, input []value.Value, set []Setting, after *inspect.Run) error {
	fixed, err := x.fixed(set)
	if err != nil {
		return err
	}
	values, err := x.interpret(input, fixed)
	if err != nil {
		if fault, ok := err.(*interp.Fault); ok {
			e.Fault = fault.Message
			return nil
		}
		return err
	}
	for _, s := range set {
		if at := x.SOp(s.SOp); x.Names.SOps[at].Of == "token" {
			values[at][s.Position], err = ReadValue(s.Value, x.Vocab)
			if err != nil {
				return err
			}
		}
	}
	e.Outside = cmp.Or(x.outsideForm(values), x.outside(values, set))
	for s := range values {
		for i, v := range values[s] {
			if !x.Shows(s) {
				break
			}
			if r := x.read(s, after, i); !r.Allows(v) {
				e.Differ = append(e.Differ, Difference{x.Names.SOps[s].Name, i, r, model.Token(v.JSON())})
			}
		}
	}
	for o, sequence := range x.shown() {
		var list []model.Token
		for i, v := range sequence {
			list = append(list, model.Token(v.JSON()))
			if !x.sameOutput(o, e.After[o][i], v) {
				e.Differ = append(e.Differ, Difference{e.Names[o], i, Reading{Values: e.After[o][i : i+1]}, list[i]})
			}
		}
		e.Program = append(e.Program, list)
	}
	agree := len(e.Differ) == 0
	e.Agree = &agree
	if !agree && e.Outside == "" && x.mayNotOccur(set) {
		e.Note = "it is not known whether any input has what is set beside the other values, and where none has, the model promises nothing"
	}
	return nil
}

// mayNotOccur reports that more than tokens is set: these are those of another input, which
// the model takes.
func (x *Model) mayNotOccur(set []Setting) bool {
	return slices.ContainsFunc(set, func(s Setting) bool { return x.Names.SOps[x.SOp(s.SOp)].Of != "token" })
}

// outsideForm says where tokens that are set leave the form of the inputs.
func (x *Model) outsideForm(values [][]value.Value) string {
	at := slices.IndexFunc(x.Names.SOps, func(s model.SOp) bool { return s.Of == "token" })
	if x.form == nil || at < 0 {
		return ""
	}
	ids := make([]int, len(values[at]))
	for i, v := range values[at] {
		ids[i] = slices.Index(x.Vocab, model.Token(v.JSON()))
	}
	if _, ok := x.form.Leaves(ids); ok {
		return ""
	}
	return "with what is set, the input is not " + x.form.Described()
}

// outside says where values are none that s-ops have on any input, beside each other or at
// all, as far as the names tell.
func (x *Model) outside(values [][]value.Value, set []Setting) string {
	for s, sop := range x.Names.SOps {
		for i, v := range values[s] {
			if sop.Of == "sop" && len(sop.Values) > 0 && !slices.ContainsFunc(sop.Values, func(t model.Token) bool { return sameValue(t, v) }) {
				return fmt.Sprintf("%s is %s at position %d, which it is on no input", sop.Name, v.JSON(), i)
			}
		}
		if sop.Unique && values[s] != nil {
			if i := notAPermutation(values[s]); i >= 0 {
				return fmt.Sprintf("%s is %s at position %d, and it is another number at each, from 0 up", sop.Name, values[s][i].JSON(), i)
			}
		}
		if n := x.nodes[s]; sop.Single && n != nil {
			for i, row := range x.evaluator.Matrix(n.Args[0]) {
				if k := len(selected(row)); k > 1 {
					return fmt.Sprintf("%s averages %d values at position %d, and on any input one at most", sop.Name, k, i)
				}
			}
		}
	}
	for _, s := range set {
		if at := x.SOp(s.SOp); x.nodes[at] != nil && x.nodes[at].Op == graph.Aggregate && !x.isMean(x.nodes[at], s.Position, values[at][s.Position]) {
			return fmt.Sprintf("%s is no mean of what is selected at position %d", s.SOp, s.Position)
		}
	}
	return ""
}

func selected(row []bool) (keys []int) {
	for j, yes := range row {
		if yes {
			keys = append(keys, j)
		}
	}
	return keys
}

// notAPermutation is the first position at which a number is there already, or is not below
// the length; -1 for none.
func notAPermutation(numbers []value.Value) int {
	seen := map[float64]bool{}
	for i, v := range numbers {
		x := v.Float64()
		if seen[x] || x < 0 || x >= float64(len(numbers)) {
			return i
		}
		seen[x] = true
	}
	return -1
}

// isMean reports that a value can be the mean of as many values as a row selects: of whole
// numbers it is a fraction of that.
func (x *Model) isMean(n *graph.Node, position int, v value.Value) bool {
	keys := len(selected(x.evaluator.Matrix(n.Args[0])[position]))
	if keys == 0 {
		return v == n.Value
	}
	for _, of := range x.evaluator.Sequence(n.Args[1]) {
		if of.Float64() != math.Trunc(of.Float64()) {
			return true
		}
	}
	sum := float64(v.Float64() * float64(keys))
	return math.Abs(sum-math.Round(sum)) < 1e-9
}

// fixed is what settings mean for the interpreter. A token is set for all that reads it.
func (x *Model) fixed(set []Setting) (map[*graph.Node]map[int]value.Value, error) {
	fixed := map[*graph.Node]map[int]value.Value{}
	fix := func(n *graph.Node, at int, v value.Value) {
		if fixed[n] == nil {
			fixed[n] = map[int]value.Value{}
		}
		fixed[n][at] = v
	}
	for _, s := range set {
		at, v, err := x.setting(s)
		if err != nil {
			return nil, err
		}
		if x.Names.SOps[at].Of != "token" {
			fix(x.nodes[at], s.Position, v)
			continue
		}
		for _, n := range graph.Reachable(x.known...) {
			if n.Op == graph.Tokens {
				read, err := interp.Token(v, n.Base)
				if err != nil {
					return nil, err
				}
				fix(n, s.Position, read)
			}
		}
	}
	return fixed, nil
}
