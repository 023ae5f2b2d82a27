//go:build !noplot

package scaling

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart writes a picture of runs and law, loss against training FLOPs: the runs
// as points, the law for some model sizes as thin lines, each with its own best
// budget, and below them all the line of what is optimal. format is svg, png or
// pdf.
func Chart(w io.Writer, runs []Run, l Law, format string) error {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "training FLOPs (6ND)", "loss, nats a token"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Top = true
	points, low, high := plotter.XYs{}, math.Inf(1), 0.0
	small, large := math.Inf(1), 0.0
	for _, r := range runs {
		c := TrainingFLOPs(r.N, r.D)
		points = append(points, plotter.XY{X: c, Y: r.Loss})
		low, high = min(low, c), max(high, c)
		small, large = min(small, r.N), max(large, r.N)
	}
	p.Add(plotter.NewGrid())
	const sizes = 6
	for i := range sizes {
		n := small * math.Pow(large/small, float64(i)/(sizes-1))
		line, err := plotter.NewLine(curve(low, high, func(c float64) float64 { return l.Loss(n, c/6/n) }, points))
		if err != nil {
			return err
		}
		line.Color = color.RGBA{0x88, 0xaa, 0xcc, 0xff}
		p.Add(line)
		if i == 0 || i == sizes-1 {
			p.Legend.Add(fmt.Sprintf("law, N = %.2g", n), line)
		}
	}
	scatter, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	scatter.GlyphStyle = draw.GlyphStyle{Color: color.RGBA{0x33, 0x33, 0x33, 0xff}, Radius: vg.Points(1.6), Shape: draw.CircleGlyph{}}
	optimal, err := plotter.NewLine(curve(low, high, func(c float64) float64 { return l.Optimal(c).Loss }, points))
	if err != nil {
		return err
	}
	optimal.Color, optimal.Width = color.RGBA{0xcc, 0x33, 0x22, 0xff}, vg.Points(2)
	p.Add(scatter, optimal)
	p.Legend.Add("runs", scatter)
	p.Legend.Add("law, optimal N and D", optimal)
	out, err := p.WriterTo(18*vg.Centimeter, 12*vg.Centimeter, format)
	if err != nil {
		return err
	}
	_, err = out.WriteTo(w)
	return err
}

// curve samples a function of the budget, as far as it stays among the points.
func curve(low, high float64, f func(float64) float64, points plotter.XYs) plotter.XYs {
	top := 0.0
	for _, p := range points {
		top = max(top, p.Y)
	}
	var line plotter.XYs
	const steps = 200
	for i := range steps + 1 {
		c := low * math.Pow(high/low, float64(i)/steps)
		if y := f(c); y <= top*1.05 {
			line = append(line, plotter.XY{X: c, Y: y})
		}
	}
	return line
}
