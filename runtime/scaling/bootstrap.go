package scaling

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Interval holds the middle 95 % of a number over the resamples of a bootstrap.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Bootstrap is how the fit changes when the runs are drawn anew, as many as there
// are, with replacement. Wide intervals of A, B and E beside narrow ones of what
// is optimal mean a flat valley: many laws fit the runs, and all give the same
// advice.
type Bootstrap struct {
	Samples int `json:"samples"`

	E     Interval `json:"E"`
	A     Interval `json:"A"`
	B     Interval `json:"B"`
	Alpha Interval `json:"alpha"`
	Beta  Interval `json:"beta"`
	// Exponent of the optimal N in C, beta/(alpha+beta).
	Exponent Interval `json:"exponent"`
	// TokensPerParameter of the optimal plan at Budget FLOPs.
	TokensPerParameter Interval `json:"tokens_per_parameter"`
	Budget             float64  `json:"budget"`
}

// GopherFLOPs is the budget that Hoffmann et al. 2022 spent on Chinchilla.
const GopherFLOPs = 5.76e23

// Resample fits the law to so many resamples of the runs, on all cores. The
// result depends on the seed alone; resamples that follow no law are left out, and
// it is an error if all are. progress, if not nil, is told how many are
// done; cancelling ctx ends it with ctx's error.
func Resample(ctx context.Context, runs []Run, o Objective, samples int, seed uint64, progress func(done, total int)) (Bootstrap, error) {
	laws := make([]Law, samples)
	var next, done atomic.Int64
	var group sync.WaitGroup
	var once sync.Mutex
	for range min(samples, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1) - 1)
				if i >= samples {
					return
				}
				laws[i] = Redraw(runs, o, seed, i)
				if n := int(done.Add(1)); progress != nil {
					once.Lock()
					progress(n, samples)
					once.Unlock()
				}
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return Bootstrap{}, err
	}
	return Summary(laws)
}

// Redraw is the law of resample i of those that a seed has, the zero law if it cannot be
// fitted. It is for whoever wants the resamples one by one; Summary makes of them what
// Resample returns.
func Redraw(runs []Run, o Objective, seed uint64, i int) Law {
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	drawn := make([]Run, len(runs))
	for i := range drawn {
		drawn[i] = runs[r.IntN(len(runs))]
	}
	p, err := newProblem(drawn, o)
	if err != nil {
		return Law{}
	}
	best, value := []float64(nil), math.Inf(1)
	for _, x := range p.starts()[:2] {
		if y, v := p.descend(x); v < value {
			best, value = y, v
		}
	}
	if best == nil {
		return Law{}
	}
	return p.law(best)
}

// Summary of the laws of resamples, without those that are none; it is an error if no law
// is left of some.
func Summary(laws []Law) (Bootstrap, error) {
	some := len(laws) > 0
	laws = slices.DeleteFunc(slices.Clone(laws), func(l Law) bool { return l.fits() != nil })
	if some && len(laws) == 0 {
		return Bootstrap{}, errors.New("no resample of the runs follows a law")
	}
	over := func(of func(Law) float64) Interval {
		var x []float64
		for _, l := range laws {
			x = append(x, of(l))
		}
		slices.Sort(x)
		if len(x) == 0 {
			return Interval{math.NaN(), math.NaN()}
		}
		last := float64(len(x) - 1)
		return Interval{x[int(math.Round(0.025*last))], x[int(math.Round(0.975*last))]}
	}
	return Bootstrap{
		Samples: len(laws), Budget: GopherFLOPs,
		E:        over(func(l Law) float64 { return l.E }),
		A:        over(func(l Law) float64 { return l.A }),
		B:        over(func(l Law) float64 { return l.B }),
		Alpha:    over(func(l Law) float64 { return l.Alpha }),
		Beta:     over(func(l Law) float64 { return l.Beta }),
		Exponent: over(func(l Law) float64 { return l.Beta / (l.Alpha + l.Beta) }),
		TokensPerParameter: over(func(l Law) float64 {
			return l.Optimal(GopherFLOPs).TokensPerParameter()
		}),
	}, nil
}
