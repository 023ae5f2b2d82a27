package scaling

import (
	"fmt"
	"io"
	"math"

	"rasp/runtime/chart"
)

// Sizes of a chart, in units of the SVG.
const (
	chartWidth, chartHeight = 720.0, 480.0
	leftEdge, rightEdge     = 62.0, 14.0
	topEdge, bottomEdge     = 14.0, 46.0
	curveSteps              = 200
	curves                  = 6 // laws for one size of the model each
	optimalColor            = "#cc3322"
)

// Chart writes an SVG of runs and law, loss against training FLOPs: the runs as points, the
// law for some model sizes as thin lines, each with its own best budget, and below them all
// the line of what is optimal. Budgets are on a logarithmic scale. There is one run at least.
func Chart(w io.Writer, runs []Run, l Law) error {
	c := newDiagram(w, runs, l)
	c.frame()
	small, large := math.Inf(1), 0.0
	for _, r := range runs {
		small, large = min(small, r.N), max(large, r.N)
	}
	for i := range curves {
		n := small * math.Pow(large/small, float64(i)/(curves-1))
		c.curve(chart.Faint, 1, func(budget float64) float64 { return l.Loss(n, budget/6/n) })
	}
	for _, r := range runs {
		fmt.Fprintf(c, `<circle cx="%.2f" cy="%.2f" r="2.2" fill="%s"/>`+"\n", c.x(TrainingFLOPs(r.N, r.D)), c.y(r.Loss), chart.Ink)
	}
	c.curve(optimalColor, 2.5, func(budget float64) float64 { return l.Optimal(budget).Loss })
	c.legend([]string{
		fmt.Sprintf("law, N = %.2g to %.2g", small, large), "runs", "law, optimal N and D",
	}, []string{chart.Faint, chart.Ink, optimalColor})
	return c.Close()
}

// diagram is where budgets and losses are in a picture.
type diagram struct {
	chart.Canvas
	from, to    float64 // decimal logarithms of budgets
	least, most float64 // losses
	top         float64 // the largest loss of a run
}

func newDiagram(w io.Writer, runs []Run, l Law) *diagram {
	c := &diagram{Canvas: chart.New(w, chartWidth, chartHeight), from: math.Inf(1), to: math.Inf(-1), least: math.Inf(1), most: math.Inf(-1)}
	for _, r := range runs {
		budget := math.Log10(TrainingFLOPs(r.N, r.D))
		c.from, c.to = min(c.from, budget), max(c.to, budget)
		c.least, c.most = min(c.least, r.Loss), max(c.most, r.Loss)
	}
	if c.from == c.to {
		c.from, c.to = c.from-0.5, c.to+0.5
	}
	c.top = c.most
	if optimal := l.Optimal(math.Pow(10, c.to)).Loss; optimal < c.least {
		c.least = optimal
	}
	margin := 0.05 * (c.most - c.least)
	if margin <= 0 {
		margin = 0.05 * math.Abs(c.most)
	}
	c.least, c.most = c.least-margin, c.most+margin
	return c
}

func (c *diagram) x(budget float64) float64 {
	return leftEdge + (math.Log10(budget)-c.from)/(c.to-c.from)*(chartWidth-leftEdge-rightEdge)
}

func (c *diagram) y(loss float64) float64 {
	return topEdge + (c.most-loss)/(c.most-c.least)*(chartHeight-topEdge-bottomEdge)
}

// frame draws axes with their numbers and names.
func (c *diagram) frame() {
	bottom, right := chartHeight-bottomEdge, chartWidth-rightEdge
	decades := chart.Step(c.to-c.from, 1)
	for e := math.Ceil(c.from/decades) * decades; e <= c.to; e += decades {
		x := c.x(math.Pow(10, e))
		c.Line(x, topEdge, x, bottom)
		c.Text(x, bottom+17, "middle", fmt.Sprintf("%.3g", math.Pow(10, e)))
	}
	losses := chart.Step(c.most-c.least, 0)
	for i := math.Ceil(c.least / losses); i*losses <= c.most; i++ {
		y := c.y(i * losses)
		c.Line(leftEdge, y, right, y)
		c.Text(leftEdge-6, y+4, "end", fmt.Sprintf("%.6g", i*losses))
	}
	c.Text((leftEdge+right)/2, chartHeight-8, "middle", "training FLOPs (6ND)")
	c.Text(6, topEdge-2, "start", "loss, nats a token")
}

// curve draws a function of the budget, as far as it stays among the runs.
func (c *diagram) curve(color string, width float64, f func(budget float64) float64) {
	command, points := "M", ""
	for i := range curveSteps + 1 {
		budget := math.Pow(10, c.from+(c.to-c.from)*float64(i)/curveSteps)
		loss := f(budget)
		if !(loss <= min(c.top*1.05, c.most)) || loss < c.least {
			command = "M"
			continue
		}
		points += fmt.Sprintf("%s %.2f %.2f ", command, c.x(budget), c.y(loss))
		command = "L"
	}
	if points != "" {
		fmt.Fprintf(c, `<path d="%s" fill="none" stroke="%s" stroke-width="%g"/>`+"\n", points[:len(points)-1], color, width)
	}
}

// legend says which color is what.
func (c *diagram) legend(names, colors []string) {
	for i, name := range names {
		y := topEdge + 16 + 18*float64(i)
		c.Box(chartWidth-190, y-6, 14, 4, colors[i])
		c.Text(chartWidth-170, y, "start", name)
	}
}
