package corpus

import (
	"strconv"
	"strings"

	"rasp/runtime/chart"
)

// Sizes of the picture of a report: panels side by side, each with bars from left to right.
const (
	across                  = 2
	panelWidth, panelHeight = 480.0, 190.0
	panelLeft, panelTop     = 16.0, 40.0
	panelRight, panelBottom = 10.0, 30.0
	panelBars               = 12 // at most; what is more is in the last
	barShare                = 0.72
)

// plot is an SVG: what came of the candidates, then how many programs have how much of what.
func (r *Report) plot() string {
	panels := []struct {
		of   string
		bars []bar
	}{{"candidates", append([]bar{{"kept", r.Rows}}, r.leftOut()...)}}
	for _, h := range r.histograms() {
		panels = append(panels, struct {
			of   string
			bars []bar
		}{h.of, barsOf(h.counts)})
	}
	var text strings.Builder
	rows := (len(panels) + across - 1) / across
	c := chart.New(&text, across*panelWidth, float64(rows)*panelHeight)
	for i, p := range panels {
		panel(c, float64(i%across)*panelWidth, float64(i/across)*panelHeight, p.of, p.bars)
	}
	_ = c.Close() // text takes all
	return text.String()
}

// panel draws bars whose counts stand above them and whose names below.
func panel(c chart.Canvas, x, y float64, of string, bars []bar) {
	c.Text(x+panelLeft, y+16, "start", of)
	if len(bars) > panelBars {
		last := bar{name: bars[panelBars-1].name + "…"}
		for _, b := range bars[panelBars-1:] {
			last.count += b.count
		}
		bars = append(bars[:panelBars-1:panelBars-1], last)
	}
	most := 1
	for _, b := range bars {
		most = max(most, b.count)
	}
	ground, step := y+panelHeight-panelBottom, (panelWidth-panelLeft-panelRight)/float64(max(len(bars), 4))
	c.Line(x+panelLeft, ground, x+panelWidth-panelRight, ground)
	for i, b := range bars {
		middle := x + panelLeft + step*(float64(i)+0.5)
		height := float64(b.count) / float64(most) * (ground - y - panelTop)
		c.Box(middle-step*barShare/2, ground-height, step*barShare, height, chart.Faint)
		c.Text(middle, ground-height-3, "middle", short(b.count))
		c.Text(middle, ground+14, "middle", b.name)
	}
}

// short is a count in at most four characters, rounded down.
func short(n int) string {
	for _, unit := range []string{"", "k", "M", "G"} {
		if n < 1000 {
			return strconv.Itoa(n) + unit
		}
		n /= 1000
	}
	return strconv.Itoa(n) + "T"
}
