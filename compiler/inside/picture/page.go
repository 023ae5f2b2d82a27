package picture

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"rasp/compiler/inside"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// pageData is what the template shows.
type pageData struct {
	Title    string
	Style    template.CSS
	Outputs  []pageOutput
	Fault    string
	NotShown string
	Given    []pageHolding
	Layers   []pageLayer
	Next     template.HTML
	Stream   template.HTML
	Circuit  template.HTML
	Data     any // for the script
}

type pageOutput struct{ Name, Model, Program string }

type pageHolding struct {
	SOp    string
	Line   int
	Values []pageValue
}

type pageValue struct {
	Text   string
	Differ bool
}

type pageLayer struct {
	Number int
	Heads  []pageHead
	Held   []pageHolding
}

type pageHead struct {
	Index  int // among the scores
	Title  string
	Brings string
	Note   string
}

// Page is the picture for a browser, all in one file. Matrices and arcs are drawn by its
// script, which computes weights from scores. The circuit is a drawing of it, an SVG
// element in which texts are escaped; nil for none.
func (p *Picture) Page(circuit []byte) ([]byte, error) {
	if len(circuit) > mostCircuit {
		p.left, circuit = append(p.left, "the circuit, which is large (rasp circuit draws it)"), nil
	}
	d := pageData{Title: p.title, Style: template.CSS(style), Fault: p.trace.Fault, NotShown: p.notShown(),
		Given: p.pageHoldings(p.given)}
	d.Circuit = template.HTML(circuit)
	for _, o := range p.trace.Outputs {
		out := pageOutput{Name: o.Name, Model: p.tokensText(o.Model)}
		if o.Program != nil && differ(o.Model, o.Program) {
			out.Program = p.tokensText(o.Program)
		}
		d.Outputs = append(d.Outputs, out)
	}
	scores, adds := [][]pageScores{}, []bool{}
	for _, l := range p.layers {
		layer := pageLayer{Number: l.number, Held: p.pageHoldings(l.held)}
		for _, h := range l.heads {
			head := pageHead{Index: len(scores), Title: headTitle(l.number, h), Brings: listed(h.Brings)}
			if addsUp(h) {
				head.Note = sharesNote
			}
			layer.Heads = append(layer.Heads, head)
			scores, adds = append(scores, p.scores(h)), append(adds, addsUp(h))
		}
		d.Layers = append(d.Layers, layer)
	}
	d.Data = map[string]any{"tokens": p.tokens[:p.shown], "scores": scores, "adds": adds}
	if p.next != nil {
		d.Next = drawing("the next token", p.next.bars)
	}
	d.Stream = drawing("the residual stream", p.stream.draw)
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, d)
	return b.Bytes(), err
}

// drawing is one that is part of a page. All texts in it are escaped (canvas.go).
func drawing(label string, draw func(*canvas)) template.HTML {
	c := &canvas{}
	draw(c)
	return template.HTML(c.svg(label, false))
}

// pageScores are the scores of a query, all keys, less the largest, which softmax does not
// see; null where it does not look. So they are short.
type pageScores []inside.Score

func (s pageScores) MarshalJSON() ([]byte, error) {
	var most float32
	for i, x := range slices.DeleteFunc(slices.Clone(s), func(x inside.Score) bool { return x == nil }) {
		if i == 0 || *x > most {
			most = *x
		}
	}
	list := make([]string, len(s))
	for i, x := range s {
		if list[i] = "null"; x != nil {
			list[i] = strconv.FormatFloat(float64(*x-most), 'g', 6, 32)
		}
	}
	return []byte("[" + strings.Join(list, ",") + "]"), nil
}

func (p *Picture) scores(h inside.HeadTrace) []pageScores {
	var list []pageScores
	for _, row := range h.Scores[1:p.shown] {
		list = append(list, row)
	}
	return list
}

func (p *Picture) pageHoldings(list []inside.Holding) []pageHolding {
	var all []pageHolding
	for _, h := range list {
		texts, differ := p.readings(h)
		row := pageHolding{SOp: h.SOp, Line: h.Line}
		for i, text := range texts {
			row.Values = append(row.Values, pageValue{text, differ[i]})
		}
		all = append(all, row)
	}
	return all
}
