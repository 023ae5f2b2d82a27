package scaling

import (
	"encoding/json"
	"errors"
	"math"
)

// Costs are a plan and what it costs over the life of its model, in FLOPs.
type Costs struct {
	Plan
	Ratio     float64 `json:"tokens_per_parameter"`
	Training  float64 `json:"training_flops"`
	Inference float64 `json:"inference_flops"`
	Total     float64 `json:"total_flops"`
}

// Costs of a plan whose model reads or writes so many tokens in its life.
func (p Plan) Costs(tokens float64) Costs {
	training, inference := TrainingFLOPs(p.N, p.D), InferenceFLOPs(p.N, tokens)
	return Costs{p, p.TokensPerParameter(), training, inference, training + inference}
}

// Advice is what a law says of a budget: the plan that is optimal to train and, if
// the model is used, the one of the same loss that costs least over its life, with
// smaller and larger ones beside it.
type Advice struct {
	Law      Law     `json:"law"`
	Optimal  Costs   `json:"optimal"`
	Lifetime *Costs  `json:"lifetime,omitempty"`
	Curve    []Costs `json:"curve,omitempty"`
}

// Advise sets out from the plan that is optimal to train. tokens are those that the
// model reads or writes in its life, 0 for a model whose use does not count. The
// error is that of Cheapest.
func (l Law) Advise(optimal Plan, tokens float64) (Advice, error) {
	a := Advice{Law: l, Optimal: optimal.Costs(tokens)}
	if tokens <= 0 {
		return a, nil
	}
	best, err := l.Lifetime(optimal.Loss, tokens)
	if err != nil {
		return Advice{}, err
	}
	costs := best.Costs(tokens)
	a.Lifetime, a.Curve = &costs, l.curve(best, tokens)
	return a, nil
}

// curve is what models of the same loss cost, from half to three times the size of
// the best.
func (l Law) curve(best Plan, tokens float64) []Costs {
	var costs []Costs
	for _, factor := range []float64{0.5, 0.7, 0.85, 1, 1.2, 1.5, 2, 3} {
		n := best.N * factor
		if d := l.DataFor(n, best.Loss); !math.IsInf(d, 1) {
			costs = append(costs, Plan{N: n, D: d, Loss: best.Loss}.Costs(tokens))
		}
	}
	return costs
}

// ErrNoLaw is the error for JSON that is no law.
var ErrNoLaw = errors.New("no law in JSON")

// ParseLaw reads the coefficients of a law in JSON, other members beside them. The
// error is ErrNoLaw or that of Validate.
func ParseLaw(text []byte) (Law, error) {
	var law Law
	if err := json.Unmarshal(text, &law); err != nil {
		return Law{}, ErrNoLaw
	}
	return law, law.Validate()
}
