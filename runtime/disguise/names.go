package disguise

import (
	"fmt"

	"rasp/runtime/model"
)

// mixed says of a dimension that it stands for nothing by itself.
const mixed = "mixed: what stands for what is in the truth beside the model"

// columns are the old dimensions of the new ones, if each is one; else nil.
func (d *Disguised) columns() []int {
	if !d.Options.keepsColumns() {
		return nil
	}
	from := make([]int, d.Change.Q.cols)
	for i := range d.Change.Q.rows {
		for j, x := range d.Change.Q.row(i) {
			if x != 0 {
				from[j] = i
			}
		}
	}
	return from
}

// provenance labels the parts of the new model.
func (d *Disguised) provenance() model.Provenance {
	p, was, columns := model.Provenance{}, d.old.Provenance, d.columns()
	switch {
	case len(was.Dims) == 0:
	case columns != nil:
		p.Dims = reordered(was.Dims, columns)
	default:
		for range d.Change.Q.cols {
			p.Dims = append(p.Dims, model.Label{What: mixed})
		}
	}
	for l, heads := range was.Heads {
		p.Heads = append(p.Heads, reordered(heads, d.headsFrom(l)))
	}
	for l, neurons := range was.Neurons {
		p.Neurons = append(p.Neurons, reordered(neurons, d.neuronsFrom(l)))
	}
	return p
}

func (d *Disguised) headsFrom(l int) []int {
	var from []int
	for _, h := range d.Change.Heads[l] {
		from = append(from, h.From)
	}
	return from
}

func (d *Disguised) neuronsFrom(l int) []int {
	from, _, _ := neuronLists(d.Change.Neurons[l])
	return from
}

// names are those of the parts of the new model. Dimensions that are mixed have none, and
// nothing is held in them.
func (d *Disguised) names(was *model.Names) *model.Names {
	n, columns := &model.Names{SOps: was.SOps}, d.columns()
	if columns != nil {
		n.Dims = reordered(was.Dims, columns)
	} else {
		n.SOps = append([]model.SOp(nil), was.SOps...)
		for i := range n.SOps {
			n.SOps[i].Held, n.SOps[i].Why = false, mixed
		}
		for j := range d.Change.Q.cols {
			n.Dims = append(n.Dims, model.DimName{Name: fmt.Sprintf("dim %d", j), Kind: "other", Written: "embed"})
		}
	}
	for l := range was.Heads {
		heads := reordered(was.Heads[l], d.headsFrom(l))
		for h := range heads {
			heads[h].Brings = moved(heads[h].Brings, columns)
		}
		n.Heads = append(n.Heads, heads)
		n.Neurons = append(n.Neurons, reordered(was.Neurons[l], d.neuronsFrom(l)))
	}
	return n
}

// moved are dimensions where they are now.
func moved(dims, columns []int) []int {
	if columns == nil {
		return nil
	}
	to, list := inverted(columns), []int(nil)
	for _, d := range dims {
		list = append(list, to[d])
	}
	return list
}

// write makes the model of the weights. The error is an *OverBudget, or says which
// weight is no number.
func (d *Disguised) write() error {
	if d.used() > 1 && !d.Options.Uncertified {
		return d.overBudget(1)
	}
	if d.Options.exact() && !d.Residual.Exact() {
		return fmt.Errorf("weights are too large or too small for other factors (%s)", d.Residual.Tensor)
	}
	was := d.old
	m := &model.Model{
		Config: was.Config, Vocab: was.Vocab, Outputs: was.Outputs, Source: was.Source, Loads: was.Loads,
		Provenance: d.provenance(), Certificate: d.certificate(),
	}
	m.DModel = d.Change.Q.cols
	if names, err := was.ReadNames(); err == nil {
		if err := m.SetNames(d.names(names)); err != nil {
			return err
		}
	}
	d.after.put(m)
	d.Model = m
	return m.Validate()
}
