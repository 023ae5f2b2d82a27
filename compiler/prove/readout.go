package prove

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"rasp/lang/graph"
	"rasp/lang/predict"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// readOut compares an output of the model with that of the program, state by state.
func (p *prover) readOut(o model.Output, out graph.Output) {
	p.output = o.Name
	switch {
	case out.Next != nil:
		p.prediction(o, out)
	case o.Next || out.Node.IsSelector():
		p.open("output %s is of another kind than the program's", o.Name)
	case o.Numeric():
		p.number(o, out.Node)
	default:
		p.classes(o, out.Node)
	}
}

// joint is the space of a node and of logits, and where in it each of them is.
func (p *prover) joint(t []*table, logits []*column) (*space, [][]int32, [][]int32) {
	var vars []int
	for _, x := range t {
		vars = union(vars, x.space.vars)
	}
	for _, c := range logits {
		vars = union(vars, c.space.vars)
	}
	s := p.space(vars)
	tables, columns := make([][]int32, len(t)), make([][]int32, len(logits))
	for i, x := range t {
		tables[i] = s.to(x.space)
	}
	for i, c := range logits {
		columns[i] = s.to(c.space)
	}
	return s, tables, columns
}

// classes wants the class of the program's value to have the largest logit in each state,
// by more than the errors; the first of equals may be as large as later ones.
func (p *prover) classes(o model.Output, n *graph.Node) {
	t := p.table(n)
	p.at = n
	logits := make([]*column, len(o.Classes))
	place := map[string]int{}
	for c := range logits {
		logits[c] = p.logit(o.Column + c)
		if _, ok := place[string(o.Classes[c])]; !ok {
			place[string(o.Classes[c])] = c
		}
	}
	s, tables, columns := p.joint([]*table{t}, logits)
	margin := math.Inf(1)
	for i := range s.n {
		at := tables[0][i]
		if at < 0 || t.ids[at] < 0 || p.away(i, logits, columns) {
			continue
		}
		v := p.values[t.ids[at]]
		want, ok := place[v.JSON()]
		if !ok {
			p.fail(s, i, "the program gives %s, which is no class of the model", v.JSON())
		}
		least := logits[want].lo[columns[want][i]]
		for c := range logits {
			if c == want {
				continue
			}
			x := logits[c].hi[columns[c][i]]
			if x > least || x == least && c < want {
				p.fail(s, i, "the program gives %s, whose logit may be %g, and that of %s %g", v.JSON(), least, o.Classes[c], x)
			}
			if size := math.Abs(least) + math.Abs(x); size > 0 {
				margin = min(margin, (least-x)/(size*u))
			}
		}
	}
	if math.IsInf(margin, 0) {
		margin = 0
	}
	p.bounds = append(p.bounds, Bound{Output: o.Name, Kind: "classes"})
	p.obligation(Obligation{Kind: "read-out", How: ByProof, States: s.n, Margin: margin,
		Text: fmt.Sprintf("%s has the class of the program's value in each state of %s", o.Name, p.names(s.vars))}, n)
}

// away reports whether no input gets to a state, as far as some columns tell.
func (p *prover) away(i int, logits []*column, at [][]int32) bool {
	for c, l := range logits {
		if d := at[c][i]; d < 0 || math.IsNaN(l.lo[d]) {
			return true
		}
	}
	return false
}

// fail ends a proof at a state.
func (p *prover) fail(s *space, i int, format string, args ...any) {
	var list []string
	for c, v := range s.vars {
		list = append(list, fmt.Sprintf("%s is %s", p.name(v), p.stateText(v, s.row(i)[c])))
	}
	p.open("output %s: where %s, %s", p.output, strings.Join(list, ", "), fmt.Sprintf(format, args...))
}

// number wants a numeric output to be the program's value, and its flag on the right side of
// 1/2: an int is that as it is decoded, rounded; a float is within 1e-5 of its size, or 1e-6.
func (p *prover) number(o model.Output, n *graph.Node) {
	t := p.table(n)
	p.at = n
	logits := []*column{p.logit(o.Column), p.logit(o.Column + 1)}
	s, tables, columns := p.joint([]*table{t}, logits)
	eps := 0.0
	for i := range s.n {
		at := tables[0][i]
		if at < 0 || t.ids[at] < 0 || p.away(i, logits, columns) {
			continue
		}
		v := p.values[t.ids[at]]
		lo, hi := logits[0].lo[columns[0][i]], logits[0].hi[columns[0][i]]
		flo, fhi := logits[1].lo[columns[1][i]], logits[1].hi[columns[1][i]]
		switch x := v.Float64(); {
		case v.Kind() == value.Float && flo > 0.5:
			off := max(math.Abs(x-decoded(lo)), math.Abs(decoded(hi)-x))
			if !(off <= max(1e-5*math.Abs(x), 1e-6)) {
				p.fail(s, i, "the program gives %s, and the number of the model is between %g and %g", v.JSON(), lo, hi)
			}
			eps = max(eps, off)
		case v.Kind() == value.Int && fhi <= 0.5:
			if whole, fits := v.Int64(); !fits || math.Abs(x) > 1<<53 || math.RoundToEven(lo) != float64(whole) || math.RoundToEven(hi) != float64(whole) {
				p.fail(s, i, "the program gives %s, and the number of the model is between %g and %g", v.JSON(), lo, hi)
			}
		default:
			p.fail(s, i, "the program gives %s, and the model may give another type", v.JSON())
		}
		if math.IsNaN(eps) || math.IsInf(eps, 0) {
			p.fail(s, i, "the program gives %s", v.JSON())
		}
	}
	eps = up(eps)
	p.bounds = append(p.bounds, Bound{Output: o.Name, Kind: "number", Within: eps})
	within := "exactly"
	if eps > 0 {
		within = fmt.Sprintf("to within %g", eps)
	}
	p.obligation(Obligation{Kind: "read-out", How: ByProof, States: s.n,
		Text: fmt.Sprintf("%s is the program's number %s in each state of %s", o.Name, within, p.names(s.vars))}, n)
}

// up rounds a bound up to three digits, and what it is rounded by is more than the errors of
// float64 in it.
func up(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := max(math.Pow(10, math.Floor(math.Log10(x))-2), math.SmallestNonzeroFloat64)
	y, _ := strconv.ParseFloat(strconv.FormatFloat(math.Ceil(x/unit*(1+1e-9))*unit, 'g', 3, 64), 64)
	return y
}

// decoded is a float as a model writes it: the shortest decimal that stands for a float32.
func decoded(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', -1, 32), 64)
	return y
}

// prediction wants the softmax of the logits to be the program's distribution: a token has
// no probability just where the program gives it none, and otherwise one that is off by
// 1e-5 of it at most.
func (p *prover) prediction(o model.Output, out graph.Output) {
	d := out.Next
	if !o.Next {
		p.open("output %s does not predict", o.Name)
	}
	roots := d.Roots()
	tables := make([]*table, len(roots))
	for i, n := range roots {
		tables[i] = p.table(n)
	}
	p.at = roots[0]
	logits, class := make([]*column, len(o.Classes)), map[string]int{}
	for c := range logits {
		logits[c] = p.logit(o.Column + c)
		class[string(o.Classes[c])] = c
	}
	s, ts, cs := p.joint(tables, logits)
	places := value.NewIndex(p.vocab)
	lo, hi, logs := make([]float64, len(logits)), make([]float64, len(logits)), make([]float64, len(p.vocab))
	eps := 0.0
states:
	for i := range s.n {
		if p.away(i, logits, cs) {
			continue
		}
		for k, t := range tables {
			at := ts[k][i]
			if at < 0 || t.ids[at] < 0 {
				continue states
			}
		}
		if !p.distribution(d, tables, ts, i, places, logs) {
			continue
		}
		top := math.Inf(-1)
		for c, l := range logits {
			lo[c], hi[c] = l.lo[cs[c][i]], l.hi[cs[c][i]]
			top = max(top, lo[c])
		}
		eps = max(eps, p.share(s, i, logs, class, lo, hi, top))
	}
	eps = up(eps)
	p.bounds = append(p.bounds, Bound{Output: o.Name, Kind: "probability", Within: eps})
	p.obligation(Obligation{Kind: "read-out", How: ByProof, States: s.n,
		Text: fmt.Sprintf("probabilities of %s are within %g of themselves in each state of %s", o.Name, eps, p.names(s.vars))}, roots[0])
}

// distribution is what the program predicts in a state, as package predict has it; false
// where that is no distribution.
func (p *prover) distribution(d *graph.Distribution, tables []*table, ts [][]int32, i int, places *value.Index, logs []float64) bool {
	for t := range logs {
		logs[t] = math.Inf(-1)
	}
	if d.Token != nil {
		at := predict.Place(p.vocab, places, p.values[tables[0].ids[ts[0][i]]])
		if at < 0 {
			return false
		}
		for t := range logs {
			if d.Confidence < 1 {
				logs[t] = math.Log((1 - d.Confidence) / float64(len(logs)-1))
			}
		}
		logs[at] = math.Log(d.Confidence)
		return true
	}
	most := math.Inf(-1)
	for k := range d.Scores {
		v := p.values[tables[k].ids[ts[k][i]]]
		x := v.Float64()
		if !v.IsNumber() || math.IsNaN(x) || math.IsInf(x, 0) || !d.Logits && x < 0 {
			return false
		}
		if !d.Logits {
			x = math.Log(x)
		}
		logs[predict.Place(p.vocab, places, d.Tokens[k])] = x
		most = max(most, x)
	}
	if math.IsInf(most, -1) {
		return false
	}
	total := 0.0
	for t := range logs {
		if logs[t] -= most; logs[t] <= predict.Zero {
			logs[t] = math.Inf(-1)
		}
		total += math.Exp(logs[t])
	}
	for t := range logs {
		logs[t] -= math.Log(total)
	}
	return true
}

// share is by how much of itself a probability can be off in a state: with errors of
// logits between a and b, less what the program has, all ratios are within exp(b - a).
func (p *prover) share(s *space, i int, logs []float64, class map[string]int, lo, hi []float64, top float64) float64 {
	a, b := math.Inf(1), math.Inf(-1)
	for t, want := range logs {
		c, ok := class[p.vocab[t].JSON()]
		switch {
		case !ok && !math.IsInf(want, -1):
			p.fail(s, i, "token %s can come next, and is no class of the model", p.vocab[t].JSON())
		case !ok:
		case math.IsInf(want, -1):
			if hi[c] > top-gone {
				p.fail(s, i, "token %s cannot come next, and its logit is between %g and %g, the largest %g", p.vocab[t].JSON(), lo[c], hi[c], top)
			}
		default:
			for c2 := range hi {
				if lo[c] <= hi[c2]-gone {
					p.fail(s, i, "token %s can come next, and its logit may be %g, another %g", p.vocab[t].JSON(), lo[c], hi[c2])
				}
			}
			a, b = min(a, lo[c]-want), max(b, hi[c]-want)
		}
	}
	eps := math.Expm1(b-a)*(1+1e-9) + 1e-12
	if !(eps <= 1e-5) {
		p.fail(s, i, "probabilities may be off by %.2g of themselves", eps)
	}
	return eps
}
