package formulas

import (
	"context"
	"fmt"
	"math"
	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/scaling"
)

// The page about scale: what a law says of a budget; scaling_surface.go draws it,
// scaling_runs.go fits it to runs.
func scalingMethods() rpc.Methods {
	return rpc.Methods{
		"scaling.plan":      rpc.Typed(plan),
		"scaling.at":        rpc.Typed(lossAt),
		"scaling.need":      rpc.Typed(need),
		"scaling.isoflop":   rpc.Typed(isoflop),
		"scaling.surface":   rpc.Typed(surface),
		"scaling.made":      rpc.Typed(made),
		"scaling.runs":      rpc.Typed(runs),
		"scaling.fit":       rpc.Typed(fit),
		"scaling.redraw":    rpc.Typed(redraw),
		"scaling.intervals": rpc.Typed(intervals),
	}
}

// Lawful is a request about a law; without one it is that of the Chinchilla runs.
type Lawful struct {
	Law *scaling.Law `json:"law,omitempty"`
}

func (l Lawful) law() (scaling.Law, error) {
	if l.Law == nil {
		return scaling.Chinchilla, nil
	}
	if err := l.Law.Validate(); err != nil {
		return scaling.Law{}, rpc.Usage("", err.Error())
	}
	return *l.Law, nil
}

// sizes are bounds of what is asked for, so that no result is infinite: a parameter or
// token at least, and less than anybody will ever have.
const leastSize, mostSize = 1, 1e40

// sized refuses numbers of parameters, tokens or FLOPs that are none.
func sized(what string, x float64) error {
	if !(x >= leastSize && x <= mostSize) {
		return rpc.Usage("", fmt.Sprintf("%s: a number from 1 to 1e40, not %g", what, x))
	}
	return nil
}

// Budget asks for a plan, as rasp scaling plan does: by training FLOPs, or by a loss.
type Budget struct {
	Lawful
	FLOPs     float64 `json:"flops,omitempty"`
	Loss      float64 `json:"loss,omitempty"`
	Inference float64 `json:"inference,omitempty"` // tokens that the model reads or writes in its life
}

func plan(_ context.Context, b Budget) (scaling.Advice, error) {
	law, err := b.law()
	if err != nil {
		return scaling.Advice{}, err
	}
	if b.Inference != 0 {
		if err := sized("inference", b.Inference); err != nil {
			return scaling.Advice{}, err
		}
	}
	best := law.Optimal(b.FLOPs)
	if b.Loss != 0 {
		best, err = law.Cheapest(b.Loss)
	} else {
		err = sized("flops", b.FLOPs)
	}
	if err != nil {
		return scaling.Advice{}, err
	}
	advice, err := law.Advise(best, b.Inference)
	if err != nil {
		return advice, err
	}
	all := append([]scaling.Costs{advice.Optimal}, advice.Curve...)
	if advice.Lifetime != nil {
		all = append(all, *advice.Lifetime)
	}
	for _, c := range all {
		if !areFinite(c.N, c.D, c.Loss, c.Ratio, c.Total) {
			return scaling.Advice{}, errEndless
		}
	}
	return advice, nil
}

// errEndless is for laws, far from those of language models, whose best model is endless.
var errEndless = rpc.Usage("are these the coefficients of language models?", "the law has no model of a finite size for that")

func areFinite(all ...float64) bool {
	for _, x := range all {
		if finiteOrNil(x) == nil {
			return false
		}
	}
	return true
}

// Place is a model size and a number of training tokens.
type Place struct {
	Lawful
	N float64 `json:"n"`
	D float64 `json:"d"`
}

// Terms are the loss at a place, and what it is a sum of.
type Terms struct {
	Loss    float64 `json:"loss"`
	Entropy float64 `json:"entropy"` // E
	Size    float64 `json:"size"`    // A/N^alpha
	Data    float64 `json:"data"`    // B/D^beta
	FLOPs   float64 `json:"flops"`   // 6ND
	Ratio   float64 `json:"ratio"`   // D/N
	Best    float64 `json:"best"`    // the loss that the same FLOPs buy
}

func lossAt(_ context.Context, p Place) (Terms, error) {
	law, err := p.law()
	if err == nil {
		err = sized("n", p.N)
	}
	if err == nil {
		err = sized("d", p.D)
	}
	if err != nil {
		return Terms{}, err
	}
	flops := scaling.TrainingFLOPs(p.N, p.D)
	t := Terms{
		Loss: law.Loss(p.N, p.D), Entropy: law.E, Size: law.A * math.Pow(p.N, -law.Alpha), Data: law.B * math.Pow(p.D, -law.Beta),
		FLOPs: flops, Ratio: p.D / p.N, Best: law.Optimal(flops).Loss,
	}
	if !areFinite(t.Loss, t.Best) {
		return Terms{}, errEndless
	}
	return t, nil
}

// Need asks how many tokens a model of a size needs for a loss.
type Need struct {
	Lawful
	N    float64 `json:"n"`
	Loss float64 `json:"loss"`
}

// Data are so many tokens; null if no number is enough.
type Data struct {
	D *float64 `json:"d"`
}

func need(_ context.Context, n Need) (Data, error) {
	law, err := n.law()
	if err == nil {
		err = sized("n", n.N)
	}
	if err != nil {
		return Data{}, err
	}
	return Data{finiteOrNil(law.DataFor(n.N, n.Loss))}, nil
}

// Isoflop asks for the loss over the model size, at some budgets.
type Isoflop struct {
	Lawful
	Budgets []float64 `json:"budgets"`
}

// Valley is one budget spent in many ways.
type Valley struct {
	FLOPs  float64      `json:"flops"`
	Points [][2]float64 `json:"points"` // N and loss
	Best   scaling.Plan `json:"best"`
}

const mostBudgets = 20

func isoflop(_ context.Context, i Isoflop) ([]Valley, error) {
	law, err := i.law()
	if err != nil {
		return nil, err
	}
	if len(i.Budgets) > mostBudgets {
		return nil, rpc.Usage("", fmt.Sprintf("%d budgets; up to %d are drawn", len(i.Budgets), mostBudgets))
	}
	valleys := []Valley{}
	for _, flops := range i.Budgets {
		if err := sized("flops", flops); err != nil {
			return nil, err
		}
		v := Valley{FLOPs: flops, Best: law.Optimal(flops)}
		const wide, steps = 30, 60 // from a part of the best size to as many times of it
		for s := -steps; s <= steps; s++ {
			n := v.Best.N * math.Pow(wide, float64(s)/steps)
			loss := law.Loss(n, flops/6/n)
			if !areFinite(n, v.Best.D, loss) {
				return nil, errEndless
			}
			v.Points = append(v.Points, [2]float64{n, loss})
		}
		valleys = append(valleys, v)
	}
	return valleys, nil
}
