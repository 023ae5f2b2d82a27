package picture

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"rasp/compiler/inside"
)

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// Parts of a page that do not come from the model. Drawings are SVG elements in which
// texts are escaped; nil for none.
type Parts struct {
	Title, About string // of the program; "" for the first input and nothing
	Index        string // a page to go back to; "" for none
	Text         string // of the program
	Flow         []byte // what the program computes on the first input
	Circuit      []byte
}

const (
	mostPage  = 300_000 // bytes
	fewInputs = 3       // for which no drawing is left out
)

// Page is the picture for a browser, all in one file: what depends on the input is drawn
// by its script, which computes weights from scores. Of a page that would be too large some
// inputs are left out, then drawings, then all inputs but the first.
func (p *Picture) Page(parts Parts) ([]byte, error) {
	for {
		page, err := p.page(parts)
		switch {
		case err != nil || len(page) < mostPage:
			return page, err
		case len(p.runs) > fewInputs:
			p.fewer(len(p.runs) - 1)
		case len(parts.Flow) > len(parts.Circuit):
			p.left, parts.Flow = append(p.left, "what the program computes, which is large (rasp draw -o x.svg draws it)"), nil
		case len(parts.Circuit) > 0:
			p.left, parts.Circuit = append(p.left, "the circuit, which is large (rasp circuit draws it)"), nil
		case len(p.runs) > 1:
			p.fewer(1)
		default:
			return page, nil
		}
	}
}

// fewer leaves so many inputs.
func (p *Picture) fewer(inputs int) {
	p.leftRuns += len(p.runs) - inputs
	p.runs = p.runs[:inputs]
}

// pageData is what a page shows.
type pageData struct {
	Parts
	Inputs            int
	Given             []pageHolding
	Layers            []pageLayer
	Predicts, Tempers bool
	Stream            string
	Data              []byte // for the script, JSON
}

type pageHolding struct {
	Index int // among the values
	SOp   string
	Line  int
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

func (p *Picture) page(parts Parts) ([]byte, error) {
	first := p.runs[0]
	d := pageData{Parts: parts, Inputs: len(p.runs)}
	if d.Title == "" {
		d.Title = first.title
	}
	held := 0
	d.Given, held = pageHoldings(first.trace.Given[:p.given], held)
	adds, maps := []bool{}, [][]*heat{}
	for i, l := range p.layers {
		layer := pageLayer{Number: l.number}
		layer.Held, held = pageHoldings(first.trace.Layers[i].Held[:l.held], held)
		for _, h := range l.heads {
			head := pageHead{Index: len(adds), Title: h.title, Brings: listed(h.brings)}
			if h.addsUp {
				head.Note = sharesNote
			}
			layer.Heads = append(layer.Heads, head)
			adds, maps = append(adds, h.addsUp), append(maps, h.maps)
		}
		d.Layers = append(d.Layers, layer)
	}
	d.Predicts = first.next != nil
	d.Tempers = !slices.ContainsFunc(p.runs, func(r *run) bool { return r.next == nil || !r.next.whole() })
	d.Stream = drawing("the residual stream", p.stream.draw)
	var err error
	if d.Data, err = json.Marshal(map[string]any{"runs": p.pageRuns(), "adds": adds, "maps": maps}); err != nil {
		return nil, err
	}
	return d.html(), nil
}

// pageHoldings numbers s-ops from a number on, and returns the next.
func pageHoldings(list []inside.Holding, from int) (rows []pageHolding, next int) {
	for i, h := range list {
		rows = append(rows, pageHolding{from + i, h.SOp, h.Line})
	}
	return rows, from + len(list)
}

// drawing is one that is part of a page. All texts in it are escaped (canvas.go).
func drawing(label string, draw func(*canvas)) string {
	c := &canvas{}
	draw(c)
	return string(c.svg(label, false))
}

// pageRun is what the script shows of a run.
type pageRun struct {
	Title   string         `json:"title"`
	Note    string         `json:"note,omitempty"`
	Fault   string         `json:"fault,omitempty"`
	Tokens  []string       `json:"tokens"`
	Results []Result       `json:"results"`
	Held    []pageValues   `json:"held"`   // by number of the s-op
	Scores  [][]pageScores `json:"scores"` // [head][query], queries but BOS
	Next    *next          `json:"next,omitempty"`
}

// pageValues are those of an s-op, by position, and where the program has another one.
type pageValues struct {
	Values []string `json:"values"`
	Differ []int    `json:"differ"`
}

func (p *Picture) pageRuns() []pageRun {
	var list []pageRun
	for _, r := range p.runs {
		one := pageRun{Title: r.title, Note: p.notShown(r), Fault: r.trace.Fault, Tokens: r.tokens[:r.shown], Results: r.results(), Next: r.next, Scores: [][]pageScores{}}
		one.Held = r.pageValues(r.trace.Given[:p.given])
		for i, l := range p.layers {
			one.Held = append(one.Held, r.pageValues(r.trace.Layers[i].Held[:l.held])...)
			for h := range l.heads {
				one.Scores = append(one.Scores, r.pageScores(r.trace.Layers[i].Heads[h]))
			}
		}
		list = append(list, one)
	}
	return list
}

func (r *run) pageValues(list []inside.Holding) []pageValues {
	all := []pageValues{}
	for _, h := range list {
		texts, differ := r.readings(h)
		values := pageValues{texts, []int{}}
		for i := range texts {
			if differ[i] {
				values.Differ = append(values.Differ, i)
			}
		}
		all = append(all, values)
	}
	return all
}

func (r *run) pageScores(h inside.HeadTrace) []pageScores {
	var list []pageScores
	for _, row := range h.Scores[1:r.shown] {
		list = append(list, row)
	}
	return list
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
