package formulas

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/scaling"
)

// Making asks for runs that a law and chance make: the truth is known, as it never is of
// measured ones.
type Making struct {
	Lawful
	Noise  float64 `json:"noise"`  // standard deviation of the logarithm of the loss
	Failed int     `json:"failed"` // runs that went wrong: their loss is too high by a tenth to a half
	Seed   uint64  `json:"seed"`
}

// budgets of the IsoFLOP curves of Hoffmann et al. 2022, section 3.2, in FLOPs.
var budgets = []float64{6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21}

const (
	sizesEach  = 9    // model sizes at each budget
	sizesWide  = 6    // the largest is so many times the best, the smallest that part of it
	mostNoise  = 0.1  // of Making
	mostFailed = 20   // likewise
	mostRuns   = 2000 // of a file
)

// CSV is a file of runs.
type CSV struct {
	CSV string `json:"csv"`
}

func made(_ context.Context, m Making) (CSV, error) {
	law, err := m.law()
	if err != nil {
		return CSV{}, err
	}
	if !(m.Noise >= 0 && m.Noise <= mostNoise) || m.Failed < 0 || m.Failed > mostFailed {
		return CSV{}, rpc.Usage("", fmt.Sprintf("noise is from 0 to %g, failed from 0 to %d", mostNoise, mostFailed))
	}
	random := rand.New(rand.NewPCG(m.Seed, 0))
	var runs []scaling.Run
	for _, flops := range budgets {
		best := law.Optimal(flops).N
		for i := range sizesEach {
			n := best * math.Pow(sizesWide, 2*float64(i)/(sizesEach-1)-1)
			d := flops / 6 / n
			runs = append(runs, scaling.Run{N: n, D: d, Loss: law.Loss(n, d) * math.Exp(m.Noise*random.NormFloat64())})
		}
	}
	for _, i := range random.Perm(len(runs))[:m.Failed] {
		runs[i].Loss *= 1.1 + 0.4*random.Float64()
	}
	var b strings.Builder
	b.WriteString("N,D,loss\n")
	for _, r := range runs {
		fmt.Fprintf(&b, "%.5g,%.5g,%.5g\n", r.N, r.D, r.Loss)
	}
	return CSV{b.String()}, nil
}

// Fitting asks for a law of runs, as rasp scaling fit does.
type Fitting struct {
	CSV       string `json:"csv"`
	Objective string `json:"objective"` // sum or density
	Drop      int    `json:"drop"`      // so many runs of highest loss are left out
	Leave     []int  `json:"leave"`     // and these, by number from 0
}

// Runs are those of a file.
type Runs struct {
	Runs    []Point `json:"runs"`
	Derived int     `json:"derived"` // runs whose D follows from the FLOPs
	Small   bool    `json:"small"`   // numbers too small for parameters and tokens
}

// Point is a run; Kept says that the fit has it, Off by what part the law is above it.
type Point struct {
	N     float64 `json:"n"`
	D     float64 `json:"d"`
	Loss  float64 `json:"loss"`
	FLOPs float64 `json:"flops"`
	Kept  bool    `json:"kept"`
	Off   float64 `json:"off"`
}

// read reads the runs, and says which are kept.
func (f Fitting) read() (Runs, []scaling.Run, error) {
	table, err := scaling.ReadRuns(strings.NewReader(f.CSV), scaling.Columns{})
	if err != nil {
		return Runs{}, nil, rpc.Usage("the first line names the columns: N, D (or FLOPs) and loss", inPage.Replace(err.Error()))
	}
	if len(table.Runs) > mostRuns {
		return Runs{}, nil, rpc.Usage("rasp scaling fit takes a million", fmt.Sprintf("%d runs; the page takes up to %d", len(table.Runs), mostRuns))
	}
	result := Runs{Derived: table.Derived, Small: table.Small()}
	var rest []scaling.Run // of what is not left out by number
	for i, r := range table.Runs {
		result.Runs = append(result.Runs, Point{N: r.N, D: r.D, Loss: r.Loss, FLOPs: scaling.TrainingFLOPs(r.N, r.D), Kept: !slices.Contains(f.Leave, i)})
		if result.Runs[i].Kept {
			rest = append(rest, r)
		}
	}
	kept := scaling.WithoutWorst(rest, f.Drop)
	result.mark(kept)
	return result, kept, nil
}

// inPage leaves out what an error says of the command line.
var inPage = strings.NewReplacer("; --columns says what they are called", "", "; --columns names one", "")

// mark says which points are kept: those of a list that has some of them, in their order.
func (r *Runs) mark(kept []scaling.Run) {
	for i := range r.Runs {
		p := &r.Runs[i]
		if !p.Kept {
			continue
		}
		if p.Kept = len(kept) > 0 && kept[0] == (scaling.Run{N: p.N, D: p.D, Loss: p.Loss}); p.Kept {
			kept = kept[1:]
		}
	}
}

func runs(_ context.Context, f Fitting) (Runs, error) {
	r, _, err := f.read()
	return r, err
}

// Fitted is a law fitted to runs, with what rasp scaling fit --json says of it.
type Fitted struct {
	scaling.Law
	Objective string         `json:"objective"`
	Value     float64        `json:"value"`
	Scale     float64        `json:"scale,omitempty"`
	Runs      int            `json:"runs"`
	Exponent  float64        `json:"exponent"` // the optimal N grows as C to the
	Ratio     float64        `json:"ratio"`    // tokens a parameter at the budget of Chinchilla
	Points    []Point        `json:"points"`
	Frontier  [][2]float64   `json:"frontier"` // budgets and the least loss
	Valleys   [][][2]float64 `json:"valleys"`  // budgets and losses of some sizes
}

func (f Fitting) objective() (scaling.Objective, error) {
	o, err := scaling.ParseObjective(f.Objective)
	if err != nil {
		return o, rpc.Usage("", "objective: "+err.Error())
	}
	return o, nil
}

func fit(ctx context.Context, f Fitting) (Fitted, error) {
	objective, err := f.objective()
	if err != nil {
		return Fitted{}, err
	}
	table, kept, err := f.read()
	if err != nil {
		return Fitted{}, err
	}
	fit, err := scaling.FitLaw(ctx, kept, objective)
	if err != nil {
		return Fitted{}, err
	}
	l := fit.Law
	r := Fitted{Law: l, Objective: objective.String(), Value: fit.Value, Scale: fit.Scale, Runs: fit.Runs,
		Exponent: l.Beta / (l.Alpha + l.Beta), Ratio: l.Optimal(scaling.GopherFLOPs).TokensPerParameter(), Points: table.Runs}
	for i, p := range r.Points {
		r.Points[i].Off = l.Loss(p.N, p.D)/p.Loss - 1
	}
	r.curves(l)
	if !areFinite(r.Ratio) || len(r.Frontier) == 0 {
		return Fitted{}, errEndless
	}
	return r, nil
}

// curves are the law over the budgets of the points.
func (r *Fitted) curves(l scaling.Law) {
	byFLOPs := func(a, b Point) int { return cmp.Compare(a.FLOPs, b.FLOPs) }
	bySize := func(a, b Point) int { return cmp.Compare(a.N, b.N) }
	from, to := slices.MinFunc(r.Points, byFLOPs).FLOPs, slices.MaxFunc(r.Points, byFLOPs).FLOPs
	small, large := slices.MinFunc(r.Points, bySize).N, slices.MaxFunc(r.Points, bySize).N
	most := slices.MaxFunc(r.Points, func(a, b Point) int { return cmp.Compare(a.Loss, b.Loss) }).Loss
	const steps, sizes = 60, 5
	for i := range steps + 1 {
		c := from * math.Pow(to/from, float64(i)/steps)
		if loss := l.Optimal(c).Loss; areFinite(c, loss) {
			r.Frontier = append(r.Frontier, [2]float64{c, loss})
		}
	}
	for s := range sizes {
		n := small * math.Pow(large/small, float64(s)/(sizes-1))
		var curve [][2]float64
		for _, at := range r.Frontier {
			if loss := l.Loss(n, at[0]/6/n); loss <= most {
				curve = append(curve, [2]float64{at[0], loss})
			}
		}
		r.Valleys = append(r.Valleys, curve)
	}
}

// Redrawing asks for some resamples of the bootstrap.
type Redrawing struct {
	Fitting
	Seed uint64 `json:"seed"`
	From int    `json:"from"` // the number of the first, from 0
	To   int    `json:"to"`   // behind the last
}

// mostRedrawn resamples are fitted at once: a page that wants more asks again, so that it
// can show how far it is.
const mostRedrawn = 25

// Laws are those of resamples.
type Laws struct {
	Laws []scaling.Law `json:"laws"`
}

func redraw(ctx context.Context, r Redrawing) (Laws, error) {
	objective, err := r.objective()
	if err != nil {
		return Laws{}, err
	}
	if r.From < 0 || r.To <= r.From || r.To-r.From > mostRedrawn {
		return Laws{}, rpc.Usage("", fmt.Sprintf("from %d to %d: up to %d resamples are fitted at once", r.From, r.To, mostRedrawn))
	}
	_, kept, err := r.read()
	if err != nil {
		return Laws{}, err
	}
	if len(kept) == 0 {
		return Laws{}, rpc.Usage("", "no runs are left")
	}
	var result Laws
	for i := r.From; i < r.To; i++ {
		if err := ctx.Err(); err != nil {
			return Laws{}, err
		}
		l := scaling.Redraw(kept, objective, r.Seed, i)
		if l.Validate() != nil {
			l = scaling.Law{} // JSON has no infinite numbers, and Summary leaves out both
		}
		result.Laws = append(result.Laws, l)
	}
	return result, nil
}

// mostLaws are summed up at once.
const mostLaws = 1000

func intervals(_ context.Context, l Laws) (scaling.Bootstrap, error) {
	if len(l.Laws) == 0 || len(l.Laws) > mostLaws {
		return scaling.Bootstrap{}, rpc.Usage("", fmt.Sprintf("laws: 1 to %d, not %d", mostLaws, len(l.Laws)))
	}
	return scaling.Summary(l.Laws)
}
