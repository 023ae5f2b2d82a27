package naming

import (
	"fmt"
	"math"
	"slices"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// mostListed bounds the values of an s-op that are listed with their codes.
const mostListed = 1 << 13

// isOfGraph tells codes of s-ops from those of what stands for a function of one.
func (w *writer) isOfGraph(c plan.Code) bool { return c.Of != plan.OfSOp || w.nodes[c.Node] != nil }

// code is what a column was made for, nil for none of the program.
func (w *writer) code(c *plan.Column) *plan.Code {
	for i := range c.Codes {
		if w.isOfGraph(c.Codes[i]) {
			return &c.Codes[i]
		}
	}
	return nil
}

func (w *writer) subject(c *plan.Code) subject {
	if c.Of != plan.OfSOp {
		return subject{of: c.Of}
	}
	return subject{node: w.nodes[c.Node]}
}

func (w *writer) dims() {
	brought := map[*plan.Column]plan.Value{}
	by := map[*plan.Column]*plan.Head{}
	for _, h := range w.plan.Heads {
		for _, v := range h.Values {
			if _, ok := brought[v.Out]; !ok {
				brought[v.Out], by[v.Out] = v, h
			}
		}
	}
	for _, c := range w.plan.Columns {
		x := model.DimName{Written: written(c.When), Offset: c.Offset, Line: c.Label.Line, Kind: "other"}
		text := plan.LabelText(c.Label.Name, c.Label.What)
		switch code := w.code(c); {
		case code != nil:
			text = w.coded(&x, *code)
		case c.Joint != nil:
			text = w.joint(&x, c)
		case by[c] != nil:
			text = w.undecoded(&x, by[c], brought[c], text)
		case c.Sum:
			x.Kind = "logit"
		case c.Bos == 1 && c.When == 0:
			x.Kind = "bos"
		}
		x.Name = unique(w.taken, text)
		w.names.Dims = append(w.names.Dims, x)
	}
}

// written names the half layer that writes a column.
func written(when int) string {
	switch {
	case when == 0:
		return "embed"
	case when%2 == 1:
		return fmt.Sprintf("blocks.%d.attn", when/2)
	}
	return fmt.Sprintf("blocks.%d.mlp", when/2-1)
}

// listed notes the values that an s-op can have, as far as they are known and not too many.
func (w *writer) listed(at int, n *graph.Node) {
	if r := w.Table(n); r != nil && !r.Unbounded {
		values := make([]model.Token, len(r.Values))
		for i, v := range r.Values {
			values[i] = model.Token(v.JSON())
		}
		w.list(at, values)
	}
}

// list is the place of each value of an s-op; those of a code are noted if none are yet.
func (w *writer) list(at int, values []model.Token) map[model.Token]int {
	places := w.values[at]
	if places == nil {
		places = map[model.Token]int{}
		w.values[at] = places
		if len(values) > mostListed {
			return places
		}
		for _, t := range values {
			if _, known := places[t]; !known && t != "" {
				places[t] = len(places)
				w.names.SOps[at].Values = append(w.names.SOps[at].Values, t)
			}
		}
	}
	return places
}

// coded says which function of the values a dimension is, and names it.
func (w *writer) coded(x *model.DimName, c plan.Code) string {
	at := w.sop(w.subject(&c))
	x.SOp = w.names.SOps[at].Name
	places := w.list(at, c.Values)
	codes := make(model.Codes, len(places))
	for i := range codes {
		codes[i] = math.NaN()
	}
	x.Kind = "code"
	for s, holds := range c.Holds.States {
		i, ok := places[c.Values[s]]
		if !ok || math.IsNaN(holds) {
			continue
		}
		if held := holds + x.Offset; !math.IsNaN(codes[i]) && codes[i] != held {
			return x.SOp + " with how it came about" // of a mean, sum and width
		}
		codes[i] = holds + x.Offset
	}
	if len(codes) == 0 {
		return x.SOp + " code"
	}
	x.Codes = codes
	text, kind := w.functionText(at, codes, x.Offset)
	x.Kind = kind
	return x.SOp + text
}

// joint says of a dimension of which number it is a term, and what it holds where all of
// the number stands in the first.
func (w *writer) joint(x *model.DimName, c *plan.Column) string {
	j := c.Joint
	first, code := j.Form.Terms[0], j.Code
	code.Holds = j.Holds.Map(func(g float64) float64 {
		if first.Of == c {
			return (g - j.Form.Constant) / first.Factor
		}
		return 0
	})
	w.coded(x, code)
	x.Kind = "part"
	place := slices.IndexFunc(j.Form.Terms, func(t plan.Term) bool { return t.Of == c })
	return fmt.Sprintf("%s, part %d of %d", x.SOp, place+1, len(j.Form.Terms))
}

// undecoded says what a head brings that nothing has decoded.
func (w *writer) undecoded(x *model.DimName, h *plan.Head, v plan.Value, text string) string {
	x.Kind = [...]string{plan.Copies: "copy", plan.Averages: "mean", plan.AnyOf: "any", plan.AddsUp: "sum", plan.Shares: "share", plan.Sums: "sum"}[v.Kind]
	s, ok := w.bringer(v)
	if !ok {
		return text
	}
	x.SOp = w.sopName(s)
	if h.Parts > 1 {
		text += fmt.Sprintf(", part %d of %d", h.Part+1, h.Parts)
	}
	x.Itself = h.Parts == 1 && h.Where == nil && (s.node.Op == graph.Width && isOne(h, v) ||
		v.Kind == plan.Averages && s.node.Op == graph.Aggregate && averages(h, v, s.node))
	return text
}

// isOne reports that a head counts the keys that it selects.
func isOne(h *plan.Head, v plan.Value) bool {
	return v.Kind == plan.AddsUp && len(v.Value.Terms) == 0 && v.Value.Constant-construct.TallyOffset == h.Weight
}

// averages reports that a head brings the very mean that an s-op is, which BOS gives its
// default.
func averages(h *plan.Head, v plan.Value, n *graph.Node) bool {
	return n.Args[0].ID == h.Selector && n.Value.IsNumber() && v.Bos == n.Value.Float64()
}
