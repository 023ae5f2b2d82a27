package inside

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rasp/lang/diag"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
)

// Intervention changes a run. What is changed stands when the half layer that writes it is
// done, and all that comes later is computed from it.
type Intervention struct {
	Ablate []Ablation
	Patch  []Patch
	Set    []Setting
	From   []value.Value // another input, from which ablations resample
	Logits bool          // the effect is to have them
}

// Ablation takes away what a part of the model says, at BOS too; the mean is one of all
// positions but BOS, and stands at these.
type Ablation struct {
	Part string `json:"part"` // see Model.part
	How  string `json:"how"`  // "zero", "mean" over the positions, "resample" from the other input; "": zero
}

// Patch brings an s-op or a dimension at a position from another input, where it stands at
// the same position.
type Patch struct {
	Name     string        `json:"name"`
	Position int           `json:"position"`
	From     []value.Value `json:"from"`
}

// Setting gives an s-op a value at a position.
type Setting struct {
	SOp      string  `json:"sop"`
	Position int     `json:"position"`
	Value    Literal `json:"value"`
}

// Literal is a value as JSON, True or False as in a program, or a string as it is. In JSON it
// is a string of that, or a number, true or false.
type Literal string

// UnmarshalJSON takes a scalar.
func (l *Literal) UnmarshalJSON(text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		*l = Literal(v)
	case float64, bool:
		*l = Literal(text)
	default:
		return fmt.Errorf("a value is a string, a number, true or false, not %s", text)
	}
	return nil
}

// changes are what is done to the residual stream, to what heads bring and to neurons.
type changes struct {
	residual map[int][]func(x [][]float32) // by stage
	heads    map[[2]int][]func(z [][]float32)
	neurons  map[int][]func(h [][]float32)
}

// hooks are the changes of an intervention on an input of so many tokens.
func (x *Model) hooks(v Intervention, input []int) (inspect.Hooks, error) {
	c := &changes{map[int][]func([][]float32){}, map[[2]int][]func([][]float32){}, map[int][]func([][]float32){}}
	for _, a := range v.Ablate {
		if err := x.ablate(c, a, v.From, len(input)); err != nil {
			return inspect.Hooks{}, err
		}
	}
	for _, p := range v.Patch {
		if err := x.patch(c, p, len(input)); err != nil {
			return inspect.Hooks{}, err
		}
	}
	for _, s := range v.Set {
		if err := x.set(c, s, len(input)); err != nil {
			return inspect.Hooks{}, err
		}
	}
	all := func(list []func([][]float32), rows [][]float32) {
		for _, f := range list {
			f(rows)
		}
	}
	return inspect.Hooks{
		Head:     func(l, h int, z [][]float32) { all(c.heads[[2]int{l, h}], z) },
		Neurons:  func(l int, h [][]float32) { all(c.neurons[l], h) },
		Residual: func(stage int, rows [][]float32) { all(c.residual[stage], rows) },
		Keep:     none,
	}, nil
}

// none is of a run of which no query's scores are asked for.
func none(query int) bool { return false }

// part is what a name of the model stands for: one of these.
type part struct {
	head, neuron [2]int // layer and number; -1 for none
	dims         []int
}

// part finds a part of the model: "L.H" is a head, "dim D" a dimension, "neuron L.N" a
// neuron, all from 0; others go by their names, of which that of an s-op stands for all its
// dimensions. The error has what there is.
func (x *Model) part(name string) (part, error) {
	absent := [2]int{-1, -1}
	var l, n int
	if l, h, ok := x.Head(name); ok {
		return part{head: [2]int{l, h}, neuron: absent}, nil
	}
	if scan(name, "neuron %d.%d", &l, &n) && l >= 0 && l < x.Layers && n >= 0 && n < x.DMLP {
		return part{head: absent, neuron: [2]int{l, n}}, nil
	}
	if scan(name, "dim %d", &n) && n >= 0 && n < x.DModel {
		return part{absent, absent, []int{n}}, nil
	}
	if s := x.SOp(name); s >= 0 && len(x.dims[s]) > 0 {
		return part{absent, absent, x.dims[s]}, nil
	}
	if d := slices.IndexFunc(x.Names.Dims, func(d model.DimName) bool { return d.Name == name }); d >= 0 {
		return part{absent, absent, []int{d}}, nil
	}
	for l := range x.Names.Heads {
		if h := slices.IndexFunc(x.Names.Heads[l], func(h model.HeadName) bool { return h.Name == name }); h >= 0 {
			return part{head: [2]int{l, h}, neuron: absent}, nil
		}
		if n := slices.IndexFunc(x.Names.Neurons[l], func(n model.PartName) bool { return n.Name == name }); n >= 0 {
			return part{head: absent, neuron: [2]int{l, n}}, nil
		}
	}
	return part{}, x.unknown(name)
}

// Head reads LAYER.HEAD; false if the model has no such head.
func (x *Model) Head(name string) (layer, head int, ok bool) {
	ok = scan(name, "%d.%d", &layer, &head) && layer >= 0 && layer < x.Layers && head >= 0 && head < x.Heads
	return layer, head, ok
}

// PartNames are those of all that has a name: s-ops with dimensions, dimensions, heads and
// neurons.
func (x *Model) PartNames() []string {
	names := x.sopNames()
	for _, d := range x.Names.Dims {
		names = append(names, d.Name)
	}
	for l := range x.Names.Heads {
		for _, h := range x.Names.Heads[l] {
			names = append(names, h.Name)
		}
		for _, n := range x.Names.Neurons[l] {
			names = append(names, n.Name)
		}
	}
	return names
}

// sopNames are those of the s-ops that have dimensions.
func (x *Model) sopNames() []string {
	var names []string
	for i, s := range x.Names.SOps {
		if len(x.dims[i]) > 0 {
			names = append(names, s.Name)
		}
	}
	return names
}

// isHead tells what is written like a head from other names.
var isHead = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?[0-9]+\.-?[0-9]+$`) })

// unknown is the fault of a name that the model does not have.
func (x *Model) unknown(name string) error {
	if isHead().MatchString(name) {
		return diag.Errorf(diag.Span{}, diag.Undefined, "the model has no head %s: it has %s of %s, counted from 0", name, diag.Count(x.Layers, "layer"), diag.Count(x.Heads, "head"))
	}
	d := diag.Errorf(diag.Span{}, diag.Undefined, "no part of the model is called %q", name)
	if at := strings.LastIndex(name, "="); at >= 0 {
		if _, err := x.part(name[:at]); err == nil {
			return diag.Errorf(diag.Span{}, diag.Syntax, "%s is ablated to zero, mean or resample, not %s", name[:at], name[at+1:])
		}
	}
	if near := spell.Nearest(name, x.PartNames()); near != "" {
		return d.WithHint("did you mean %s?", near)
	}
	return d.WithHint("the s-ops in it are %s; rasp info --json has all names", strings.Join(x.sopNames(), ", "))
}

func (x *Model) ablate(c *changes, a Ablation, from []value.Value, length int) error {
	p, err := x.part(a.Part)
	if err != nil {
		return err
	}
	var other *inspect.Run
	switch a.How {
	case "", "zero", "mean":
	case "resample":
		if len(from) == 0 {
			return diag.Errorf(diag.Span{}, diag.Domain, "resample takes what another input has, and none is given").WithHint("give one with --from")
		}
		if other, err = x.other(from, length-1); err != nil {
			return err
		}
	default:
		return diag.Errorf(diag.Span{}, diag.Syntax, "%s is ablated to zero, mean or resample, not %s", a.Part, a.How)
	}
	// columns ablates some columns of rows, which the other run has too.
	columns := func(columns []int, of func(*inspect.Run) [][]float32, offset func(int) float32) func([][]float32) {
		return func(rows [][]float32) {
			for _, d := range columns {
				mean := meanOf(rows[1:], d)
				for i := range rows {
					switch a.How {
					case "mean":
						if i > 0 {
							rows[i][d] = mean
						}
					case "resample":
						rows[i][d] = of(other)[i][d]
					default:
						rows[i][d] = offset(d)
					}
				}
			}
		}
	}
	zero := func(int) float32 { return 0 }
	switch {
	case p.head[0] >= 0:
		l, h := p.head[0], p.head[1]
		every := make([]int, x.DHead)
		for d := range every {
			every[d] = d
		}
		c.heads[p.head] = append(c.heads[p.head], columns(every, func(r *inspect.Run) [][]float32 { return r.Layers[l].Z[h] }, zero))
	case p.neuron[0] >= 0:
		l := p.neuron[0]
		c.neurons[l] = append(c.neurons[l], columns(p.neuron[1:], func(r *inspect.Run) [][]float32 { return r.Layers[l].Neurons }, zero))
	default:
		for _, d := range p.dims {
			stage := x.stages[d]
			c.residual[stage] = append(c.residual[stage], columns([]int{d}, func(r *inspect.Run) [][]float32 { return r.Residual[stage] },
				func(d int) float32 { return float32(x.Names.Dims[d].Offset) }))
		}
	}
	return nil
}

// meanOf a column: of equal numbers, that number.
func meanOf(rows [][]float32, column int) float32 {
	sum := 0.0
	for _, row := range rows {
		sum += float64(row[column])
	}
	return float32(sum / float64(len(rows)))
}

// other runs another input, which must have the given position.
func (x *Model) other(from []value.Value, position int) (*inspect.Run, error) {
	ids, err := x.IDs(from)
	if err != nil {
		return nil, err
	}
	if position >= len(ids) {
		return nil, diag.Errorf(diag.Span{}, diag.Domain, "the other input has %s, and there is none at position %d", diag.Count(len(ids), "token"), position)
	}
	return inspect.Of(x.Model, ids, inspect.Hooks{Keep: none}), nil
}

func inRange(position, length int) error {
	if position < 0 || position >= length {
		return diag.Errorf(diag.Span{}, diag.Domain, "the input has the positions 0 to %d, and not %d", length-1, position)
	}
	return nil
}

func (x *Model) patch(c *changes, p Patch, length int) error {
	found, err := x.part(p.Name)
	if err != nil {
		return err
	}
	if len(found.dims) == 0 {
		return diag.Errorf(diag.Span{}, diag.Type, "%s is no s-op or dimension: only what the residual stream holds can be patched", p.Name).WithHint("--ablate L.H=resample takes a head from another input")
	}
	if err := inRange(p.Position, length); err != nil {
		return err
	}
	other, err := x.other(p.From, p.Position)
	if err != nil {
		return err
	}
	for _, d := range found.dims {
		x.write(c, d, p.Position, other.Residual[x.stages[d]][p.Position+1][d])
	}
	return nil
}

// write has a dimension hold a number at a position.
func (x *Model) write(c *changes, dim, position int, number float32) {
	stage := x.stages[dim]
	c.residual[stage] = append(c.residual[stage], func(rows [][]float32) { rows[position+1][dim] = number })
}

func (x *Model) set(c *changes, s Setting, length int) error {
	at, v, err := x.setting(s)
	if err != nil {
		return err
	}
	if err := inRange(s.Position, length); err != nil {
		return err
	}
	sop := x.Names.SOps[at]
	if sop.Of == "token" {
		x.embed(c, s.Position, place(x.Vocab, v))
		return nil
	}
	value := place(sop.Values, v)
	for _, d := range x.dims[at] {
		switch n := x.Names.Dims[d]; {
		case n.Itself:
			x.write(c, d, s.Position, float32(n.Offset+v.Float64()))
		case len(n.Codes) > 0 && !math.IsNaN(n.Codes[value]):
			x.write(c, d, s.Position, float32(n.Codes[value]))
		}
	}
	return nil
}

// embed has the embedding be that of another token at a position.
func (x *Model) embed(c *changes, position, id int) {
	c.residual[0] = append(c.residual[0], func(rows [][]float32) {
		for d := range rows[position+1] {
			rows[position+1][d] = x.WE.At(id, d) + x.WPos.At(position+1, d)
		}
	})
}

// setting is the s-op and the value of a setting, which must be held, and be one that it
// can have.
func (x *Model) setting(s Setting) (at int, v value.Value, err error) {
	if at = x.SOp(s.SOp); at < 0 {
		if _, err := x.part(s.SOp); err != nil {
			return at, v, err
		}
		return at, v, diag.Errorf(diag.Span{}, diag.Type, "%s is a part of the model, and a value is set of an s-op", s.SOp).
			WithHint("s-ops that can be set are %s; --ablate takes a part away, and --patch brings a dimension from another input", strings.Join(x.Held(), ", "))
	}
	sop := x.Names.SOps[at]
	if !sop.Held {
		return at, v, diag.Errorf(diag.Span{}, diag.Type, "%s is not held, and cannot be set in the model: %s", s.SOp, sop.Why).
			WithHint("%s", x.insteadOf(at))
	}
	v, err = ReadValue(s.Value, x.Values(at))
	if err != nil {
		return at, v, diag.Errorf(diag.Span{}, diag.Value, "%s: %s", s.SOp, err)
	}
	return at, v, nil
}

// insteadOf says what can be done with an s-op that cannot be set.
func (x *Model) insteadOf(at int) string {
	hint := "held are " + strings.Join(x.Held(), ", ") + "; rasp run --set sets any s-op in the interpreter"
	if len(x.dims[at]) > 0 {
		hint += fmt.Sprintf(", and --patch %s@POSITION=INPUT brings what the model has of it on another input", x.Names.SOps[at].Name)
	}
	return hint
}

// Held are the names of the s-ops that can be set.
func (x *Model) Held() []string {
	var names []string
	for _, s := range x.Names.SOps {
		if s.Held {
			names = append(names, s.Name)
		}
	}
	return names
}

// Values that an s-op can be set to; nil for any number.
func (x *Model) Values(at int) []model.Token {
	if s := x.Names.SOps[at]; s.Of != "token" {
		return s.Values
	}
	return x.Vocab
}

// Atom is the value, a string if it is nothing else.
func (l Literal) Atom() value.Value {
	text := string(l)
	if v, err := value.ParseAtom(text); err == nil {
		return v
	}
	if text == "True" || text == "False" {
		return value.OfBool(text == "True")
	}
	return value.OfString(text)
}

// ReadValue reads a value, as JSON or a string as it is, that must be one of some; any
// number, if these are none.
func ReadValue(literal Literal, values []model.Token) (value.Value, error) {
	text := string(literal)
	if slices.Contains(values, model.Token(text)) { // of 1 and 1.0, that which is written
		return value.ParseAtom(text)
	}
	for _, v := range []value.Value{value.OfString(text), literal.Atom()} {
		if at := place(values, v); at >= 0 {
			return value.ParseAtom(string(values[at]))
		}
	}
	if len(values) > 0 {
		return value.Value{}, fmt.Errorf("it is never %s, but %s", diag.Visible(text), listed(values))
	}
	v := literal.Atom()
	if !v.IsNumber() || !isFinite(v.Float64()) {
		return v, fmt.Errorf("%s is no number", diag.Visible(text))
	}
	return v, nil
}

// place is where a value stands among some, however these are written; a number may stand
// there as an equal one. -1: nowhere.
func place(values []model.Token, v value.Value) int {
	if at := slices.Index(values, model.Token(v.JSON())); at >= 0 {
		return at
	}
	return slices.IndexFunc(values, func(t model.Token) bool {
		x, err := value.ParseAtom(string(t))
		return err == nil && (x == v || x.IsNumber() && v.IsNumber() && x.Float64() == v.Float64())
	})
}

// listed are the first of some values.
func listed(values []model.Token) string {
	const most = 12
	var list []string
	for _, t := range values[:min(most, len(values))] {
		list = append(list, diag.Visible(string(t)))
	}
	if len(values) > most {
		list = append(list, "..")
	}
	return strings.Join(list, " ")
}
