package formulas

import (
	"context"
	"fmt"
	"math"
	"strings"

	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/scaling"
)

// Viewing asks for a picture of L(N, D) with a budget in it.
type Viewing struct {
	Lawful
	Width int           `json:"width"` // of the picture, in its units; 280 to 1200
	FLOPs float64       `json:"flops"`
	N     float64       `json:"n,omitempty"` // a model of somebody's own; 0 for none
	D     float64       `json:"d,omitempty"`
	Long  *scaling.Plan `json:"long,omitempty"` // the one that is best over its life
}

// Surface is the picture, and where in it numbers are: N from left to right, D from bottom
// to top, both on logarithmic scales.
type Surface struct {
	SVG    string     `json:"svg"`
	Width  float64    `json:"width"`
	Height float64    `json:"height"`
	Left   float64    `json:"left"`
	Right  float64    `json:"right"` // the place of the largest N, not a margin
	Top    float64    `json:"top"`
	Bottom float64    `json:"bottom"`
	N      [2]float64 `json:"n"`
	D      [2]float64 `json:"d"`
}

// framed is a picture of a width, with the part of the plane that is drawn.
func framed(width float64) Surface {
	height := math.Round(width*0.6) + 70
	return Surface{Width: width, Height: height, Left: 58, Right: width - 12, Top: 12, Bottom: height - 46, N: [2]float64{1e7, 1e13}, D: [2]float64{1e8, 1e15}}
}

// above are the losses of the contours, above E, in nats.
var above = []float64{3, 1.5, 0.8, 0.4, 0.2, 0.1, 0.05, 0.025}

func surface(_ context.Context, v Viewing) (Surface, error) {
	law, err := v.law()
	if err == nil {
		err = sized("flops", v.FLOPs)
	}
	if err != nil {
		return Surface{}, err
	}
	if v.Width < 280 || v.Width > 1200 {
		return Surface{}, rpc.Usage("", fmt.Sprintf("width: 280 to 1200, not %d", v.Width))
	}
	s := drawing{Surface: framed(float64(v.Width)), law: law}
	best := law.Optimal(v.FLOPs)
	if !areFinite(best.N, best.D, best.Loss) {
		return Surface{}, errEndless
	}
	fmt.Fprintf(&s, `<svg class="chart surface" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 %g %g" width="%g" aria-label="Loss over parameters N and training tokens D. For %.3g FLOPs the least loss, %.4f, is at N = %.3g and D = %.3g.">`+"\n",
		s.Width, s.Height, s.Width, v.FLOPs, best.Loss, best.N, best.D)
	s.heat()
	s.axes()
	s.contours()
	s.budgets(v.FLOPs)
	s.line("optimal", func(n float64) float64 { return s.optimalD(n) })
	if v.Long != nil {
		s.dot("long", v.Long.N, v.Long.D, 6, fmt.Sprintf("cheapest over its life: N = %.3g, D = %.3g", v.Long.N, v.Long.D))
	}
	if v.N > 0 && v.D > 0 {
		s.dot("own", v.N, v.D, 6, fmt.Sprintf("yours: N = %.3g, D = %.3g, loss %.4f", v.N, v.D, law.Loss(v.N, v.D)))
	}
	s.dot("best", best.N, best.D, 6, fmt.Sprintf("best to train for %.3g FLOPs: N = %.3g, D = %.3g, loss %.4f", v.FLOPs, best.N, best.D, best.Loss))
	s.WriteString("</svg>\n")
	s.SVG = s.String()
	return s.Surface, nil
}

// drawing is a picture on the way.
type drawing struct {
	strings.Builder
	Surface
	law scaling.Law
}

// along is where x is between two bounds on a logarithmic scale, 0 to 1 within them.
func along(x float64, bounds [2]float64) float64 {
	return math.Log(x/bounds[0]) / math.Log(bounds[1]/bounds[0])
}

func (s *drawing) x(n float64) float64 { return s.Left + along(n, s.N)*(s.Right-s.Left) }
func (s *drawing) y(d float64) float64 { return s.Bottom - along(d, s.D)*(s.Bottom-s.Top) }

// sizeAt is the N at a part of the width.
func (s *drawing) sizeAt(part float64) float64 {
	return s.N[0] * math.Pow(s.N[1]/s.N[0], part)
}

// heat colours cells by the loss above E, in so many shades: the darker the less is left of
// it. Cells of one shade are one path.
func (s *drawing) heat() {
	const columns, rows, shades = 53, 31, 24
	worst := math.Log(s.law.Loss(s.N[0], s.D[0]) - s.law.E)
	best := math.Log(s.law.Loss(s.N[1], s.D[1]) - s.law.E)
	width, height := (s.Right-s.Left)/columns, (s.Bottom-s.Top)/rows
	var paths [shades + 1]strings.Builder
	for j := range rows {
		d := s.D[0] * math.Pow(s.D[1]/s.D[0], (float64(j)+0.5)/rows)
		shade := func(i int) int {
			share := (worst - math.Log(s.law.Loss(s.sizeAt((float64(i)+0.5)/columns), d)-s.law.E)) / (worst - best)
			return int(math.Round(shades * max(0, min(1, share))))
		}
		for i, end := 0, 0; i < columns; i = end {
			for end = i + 1; end < columns && shade(end) == shade(i); end++ {
			}
			left, right := math.Round(s.Left+float64(i)*width), math.Round(s.Left+float64(end)*width) // no gaps, no overlaps
			top, bottom := math.Round(s.Bottom-float64(j+1)*height), math.Round(s.Bottom-float64(j)*height)
			fmt.Fprintf(&paths[shade(i)], "M%.0f %.0fH%.0fV%.0fH%[1]vz", left, top, right, bottom)
		}
	}
	for shade := range paths {
		if paths[shade].Len() > 0 {
			fmt.Fprintf(s, `<path shape-rendering="crispEdges" style="fill:rgb(var(--heat) / %d%%)" d="%s"/>`+"\n", 4+66*shade/shades, paths[shade].String())
		}
	}
}

func (s *drawing) axes() {
	step := 10.0
	if s.Width < 420 {
		step = 100
	}
	for n := s.N[0]; n <= s.N[1]*1.01; n *= step {
		fmt.Fprintf(s, `<text class="tick" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, s.x(n), s.Bottom+16, short(n))
	}
	for d := s.D[0]; d <= s.D[1]*1.01; d *= 10 {
		fmt.Fprintf(s, `<text class="tick" x="%.1f" y="%.1f" text-anchor="end">%s</text>`, s.Left-5, s.y(d)+4, short(d))
	}
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" text-anchor="middle">parameters N</text>`, (s.Left+s.Right)/2, s.Height-8)
	fmt.Fprintf(s, `<text transform="translate(13 %.1f) rotate(-90)" text-anchor="middle">training tokens D</text>`+"\n", (s.Top+s.Bottom)/2)
}

// short is a power of ten in words of a table.
func short(x float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e15, "1e15"}, {1e12, "T"}, {1e9, "B"}, {1e6, "M"}} {
		if x >= unit.size*0.99 {
			if unit.name == "1e15" {
				return unit.name
			}
			return fmt.Sprintf("%.0f%s", x/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.0f", x)
}

// contours are lines of one loss.
func (s *drawing) contours() {
	for _, more := range above {
		loss := s.law.E + more
		s.line("contour", func(n float64) float64 { return s.law.DataFor(n, loss) })
		if d := s.law.DataFor(s.N[1], loss); d > s.D[0]*2 && d < s.D[1] {
			fmt.Fprintf(s, `<text class="label" x="%.1f" y="%.1f" text-anchor="end">%.2f</text>`, s.Right-3, s.y(d)-3, loss)
		}
	}
}

// budgets are lines of equal training FLOPs.
func (s *drawing) budgets(own float64) {
	for e := 18.0; e <= 27; e += 3 {
		flops := math.Pow(10, e)
		s.line("budget", func(n float64) float64 { return flops / 6 / n })
		n := max(s.N[0], flops/6/s.D[1]) // where it enters, at the left or at the top
		fmt.Fprintf(s, `<text class="label" x="%.1f" y="%.1f">1e%.0f</text>`, s.x(n)+8, s.y(flops/6/n)+16, e)
	}
	s.line("spent", func(n float64) float64 { return own / 6 / n })
}

// optimalD is the D of the budget for which n is the best size.
func (s *drawing) optimalD(n float64) float64 {
	// A alpha / N^alpha = B beta / D^beta there.
	return math.Pow(s.law.B*s.law.Beta/(s.law.A*s.law.Alpha)*math.Pow(n, s.law.Alpha), 1/s.law.Beta)
}

// line draws a D for each N, where it is in the picture.
func (s *drawing) line(class string, of func(n float64) float64) {
	const steps = 160
	inside := func(n float64) bool { d := of(n); return d >= s.D[0] && d <= s.D[1] }
	var points []string
	add := func(n float64) { points = append(points, fmt.Sprintf("%.1f,%.1f", s.x(n), s.y(of(n)))) }
	for i := range steps + 1 {
		n := s.sizeAt(float64(i) / steps)
		if i > 0 {
			if last := s.sizeAt(float64(i-1) / steps); inside(last) != inside(n) {
				add(border(inside, last, n))
			}
		}
		if inside(n) {
			add(n)
		}
	}
	if len(points) > 1 { // lines of the plane enter it once and leave it once
		fmt.Fprintf(s, `<polyline class="%s" points="%s"/>`+"\n", class, strings.Join(points, " "))
	}
}

// border is the last n inside, between one that is and one that is not.
func border(inside func(n float64) bool, a, b float64) float64 {
	if !inside(a) {
		a, b = b, a
	}
	for range 40 {
		if middle := math.Sqrt(a * b); inside(middle) {
			a = middle
		} else {
			b = middle
		}
	}
	return a
}

// dot marks a model; one outside the picture is at its edge.
func (s *drawing) dot(class string, n, d, radius float64, title string) {
	x, y := max(s.Left, min(s.Right, s.x(n))), max(s.Top, min(s.Bottom, s.y(d)))
	fmt.Fprintf(s, `<circle class="%s" cx="%.1f" cy="%.1f" r="%g"><title>%s</title></circle>`+"\n", class, x, y, radius, title)
}
