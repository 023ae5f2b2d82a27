package formulas

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"rasp/runtime/scaling"
)

func TestPlan(t *testing.T) {
	a := rpctest.Asked[scaling.Advice](t, methods(), "scaling.plan", Budget{FLOPs: 5.76e23, Inference: 1e13})
	want, err := scaling.Chinchilla.Advise(scaling.Chinchilla.Optimal(5.76e23), 1e13)
	require.NoError(t, err)
	assert.Equal(t, want, a)
	own := scaling.Law{E: 1.5, A: 300, B: 900, Alpha: 0.3, Beta: 0.3}
	a = rpctest.Asked[scaling.Advice](t, methods(), "scaling.plan", Budget{Lawful: Lawful{&own}, Loss: 2})
	assert.InDelta(t, 2, a.Optimal.Loss, 1e-9)
}

// TestTerms: the loss is the sum of its terms, and no budget buys less than its best.
func TestTerms(t *testing.T) {
	for _, n := range []float64{1e7, 3e9, 1e13} {
		for _, d := range []float64{1e8, 2e11, 1e15} {
			x := rpctest.Asked[Terms](t, methods(), "scaling.at", Place{N: n, D: d})
			assert.InEpsilon(t, x.Loss, x.Entropy+x.Size+x.Data, 1e-12)
			assert.LessOrEqual(t, x.Best, x.Loss)
			back := rpctest.Asked[Data](t, methods(), "scaling.need", Need{N: n, Loss: x.Loss})
			assert.InEpsilon(t, d, *back.D, 1e-6)
		}
	}
	assert.Nil(t, rpctest.Asked[Data](t, methods(), "scaling.need", Need{N: 1e7, Loss: 1.82}).D, "a small model never gets there")
}

func TestIsoflop(t *testing.T) {
	for _, v := range rpctest.Asked[[]Valley](t, methods(), "scaling.isoflop", Isoflop{Budgets: []float64{1e20, 1e24}}) {
		for _, p := range v.Points {
			assert.GreaterOrEqual(t, p[1], v.Best.Loss)
		}
		assert.InEpsilon(t, v.FLOPs, 6*v.Best.N*v.Best.D, 1e-9)
	}
}

// TestSurface: the picture is XML, and on each contour there is one loss.
func TestSurface(t *testing.T) {
	for _, width := range []int{280, 600, 1200} {
		s := rpctest.Asked[Surface](t, methods(), "scaling.surface", Viewing{Width: width, FLOPs: 1e23, N: 1e10, D: 1e12})
		for d := xml.NewDecoder(strings.NewReader(s.SVG)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else {
				require.NoError(t, err)
			}
		}
		contours := regexp.MustCompile(`class="contour" points="([^"]*)"`).FindAllStringSubmatch(s.SVG, -1)
		require.Len(t, contours, len(above))
		for i, c := range contours {
			points := strings.Fields(c[1])
			assert.Greater(t, len(points), 5)
			for _, point := range points {
				left, right, _ := strings.Cut(point, ",")
				x, _ := strconv.ParseFloat(left, 64)
				y, _ := strconv.ParseFloat(right, 64)
				n := s.N[0] * math.Pow(s.N[1]/s.N[0], (x-s.Left)/(s.Right-s.Left))
				d := s.D[0] * math.Pow(s.D[1]/s.D[0], (s.Bottom-y)/(s.Bottom-s.Top))
				assert.InEpsilon(t, above[i], scaling.Chinchilla.Loss(n, d)-scaling.Chinchilla.E, 0.02, "%v wide, contour %d", width, i)
			}
		}
		assert.Equal(t, 1, strings.Count(s.SVG, `class="best"`))
		assert.Equal(t, 1, strings.Count(s.SVG, `class="own"`))
	}
}

// TestMade: a fit of runs without chance is the law that made them.
func TestMade(t *testing.T) {
	csv := rpctest.Asked[CSV](t, methods(), "scaling.made", Making{}).CSV
	f := rpctest.Asked[Fitted](t, methods(), "scaling.fit", Fitting{CSV: csv, Objective: "sum"})
	assert.InEpsilon(t, scaling.Chinchilla.E, f.E, 1e-3)
	assert.InEpsilon(t, scaling.Chinchilla.Alpha, f.Alpha, 1e-2)
	assert.Equal(t, len(budgets)*sizesEach, f.Runs)
	for _, p := range f.Points {
		assert.Less(t, math.Abs(p.Off), 1e-3)
	}
	failed := rpctest.Asked[Runs](t, methods(), "scaling.runs", Fitting{CSV: rpctest.Asked[CSV](t, methods(), "scaling.made", Making{Failed: 7}).CSV})
	wrong := 0
	for _, p := range failed.Runs {
		if p.Loss > 1.05*scaling.Chinchilla.Loss(p.N, p.D) {
			wrong++
		}
	}
	assert.Equal(t, 7, wrong)
}

// TestLeave: runs go by number, then the worst of the rest, as rasp scaling fit drops them.
func TestLeave(t *testing.T) {
	csv := "N,D,loss\n1e7,1e9,4.02\n1e8,1e9,3.46\n1e9,1e9,3.21\n1e7,1e9,4.02\n1e7,1e10,3.57\n1e8,1e10,2.96\n1e9,1e10,2.66\n1e7,1e11,3.41\n1e8,1e11,2.75\n1e9,1e11,2.42\n"
	f := rpctest.Asked[Fitted](t, methods(), "scaling.fit", Fitting{CSV: csv, Objective: "sum", Drop: 1, Leave: []int{9, 77}})
	var kept []bool
	for _, p := range f.Points {
		kept = append(kept, p.Kept)
	}
	assert.Equal(t, []bool{false, true, true, true, true, true, true, true, true, false}, kept, "of two equal ones the first goes")
	table, err := scaling.ReadRuns(strings.NewReader(csv), scaling.Columns{})
	require.NoError(t, err)
	want, err := scaling.FitLaw(t.Context(), scaling.WithoutWorst(table.Runs[:9], 1), scaling.HuberSum)
	require.NoError(t, err)
	assert.Equal(t, want.Law, f.Law)
	assert.Equal(t, want.Value, f.Value)
}

// TestRedraw: resamples that come some at a time are those of Resample.
func TestRedraw(t *testing.T) {
	f := Fitting{CSV: rpctest.Asked[CSV](t, methods(), "scaling.made", Making{Noise: 0.01, Failed: 2}).CSV, Objective: "sum", Drop: 1}
	var laws Laws
	for from := 0; from < 12; from += 5 {
		laws.Laws = append(laws.Laws, rpctest.Asked[Laws](t, methods(), "scaling.redraw", Redrawing{Fitting: f, Seed: 3, From: from, To: min(12, from+5)}).Laws...)
	}
	table, err := scaling.ReadRuns(strings.NewReader(f.CSV), scaling.Columns{})
	require.NoError(t, err)
	want, err := scaling.Resample(t.Context(), scaling.WithoutWorst(table.Runs, 1), scaling.HuberSum, 12, 3, nil)
	require.NoError(t, err)
	assert.Equal(t, want, rpctest.Asked[scaling.Bootstrap](t, methods(), "scaling.intervals", laws))
	// A resample that follows no law is left out.
	laws.Laws = append(laws.Laws, scaling.Law{})
	assert.Equal(t, want, rpctest.Asked[scaling.Bootstrap](t, methods(), "scaling.intervals", laws))
}

func TestScalingRefuses(t *testing.T) {
	odd := &scaling.Law{E: 1, A: 1e200, B: 1e-200, Alpha: 0.001, Beta: 0.001}
	for name, c := range map[string]struct {
		method string
		params any
		want   string
	}{
		"a field":       {"scaling.fit", Fitting{CSV: "N,D,loss\n1,2,3\n1,x,3\n", Objective: "sum"}, `line 3: "x" is no positive number`},
		"a column":      {"scaling.runs", Fitting{CSV: "params,loss\n1,2\n"}, `line 1: no column "D"`},
		"two columns":   {"scaling.runs", Fitting{CSV: "N,params,D,loss\n1,1,2,3\n"}, `could both be meant`},
		"few runs":      {"scaling.fit", Fitting{CSV: "N,D,loss\n1,2,3\n", Objective: "sum"}, "too few runs"},
		"all left out":  {"scaling.redraw", Redrawing{Fitting: Fitting{CSV: "N,D,loss\n1,2,3\n", Objective: "sum", Drop: 5}, To: 1}, "no runs are left"},
		"an objective":  {"scaling.fit", Fitting{CSV: "", Objective: "least"}, "objective"},
		"many runs":     {"scaling.runs", Fitting{CSV: "N,D,loss\n" + strings.Repeat("1,2,3\n", mostRuns+1)}, "up to 2000"},
		"many at once":  {"scaling.redraw", Redrawing{Fitting: Fitting{Objective: "sum"}, To: 26}, "at once"},
		"no law":        {"scaling.plan", Budget{Lawful: Lawful{&scaling.Law{}}, FLOPs: 1e20}, "positive numbers"},
		"no budget":     {"scaling.plan", Budget{}, "flops: a number"},
		"a budget":      {"scaling.plan", Budget{FLOPs: 1e300}, "flops: a number"},
		"below E":       {"scaling.plan", Budget{Loss: 1.5}, "no model reaches"},
		"an odd plan":   {"scaling.plan", Budget{Lawful: Lawful{odd}, FLOPs: 1e23, Inference: 1e10}, "no model of a finite size"},
		"an odd place":  {"scaling.at", Place{Lawful: Lawful{odd}, N: 1e9, D: 1e9}, "no model of a finite size"},
		"odd valleys":   {"scaling.isoflop", Isoflop{Lawful{odd}, []float64{1e20}}, "no model of a finite size"},
		"an odd map":    {"scaling.surface", Viewing{Lawful: Lawful{odd}, Width: 600, FLOPs: 1e20}, "no model of a finite size"},
		"a wide map":    {"scaling.surface", Viewing{Width: 1e6, FLOPs: 1e20}, "width"},
		"wild chance":   {"scaling.made", Making{Noise: 2}, "noise"},
		"no intervals":  {"scaling.intervals", Laws{}, "laws: 1 to"},
		"many budgets":  {"scaling.isoflop", Isoflop{Budgets: make([]float64, 21)}, "up to 20"},
		"a place of no": {"scaling.at", Place{N: 0, D: 1}, "n: a number"},
	} {
		_, fault := answerOf[any](t, c.method, c.params)
		if assert.NotNil(t, fault, name) {
			assert.Contains(t, fault.Message, c.want, name)
			assert.NotContains(t, fmt.Sprint(fault.Message, fault.Data), "--columns", name)
			assert.Contains(t, []int{rpc.CodeUsage, rpc.CodeFault}, fault.Code, name)
		}
	}
}
