package picture

import (
	"fmt"
	"strings"

	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// run is a model at work on an input.
type run struct {
	title  string
	trace  *inside.Trace
	tokens []string // BOS, then the input
	shown  int      // of them
	left   int
	next   *next // nil if the model predicts nothing
}

func runOf(x *inside.Model, in Input) (*run, error) {
	t, err := x.Trace(in.Tokens)
	if err != nil {
		return nil, err
	}
	r := &run{title: cut(in.Title, mostTitle), trace: t, tokens: []string{"BOS"}}
	for _, token := range t.Input {
		r.tokens = append(r.tokens, inside.TokenText(token))
	}
	r.shown = min(len(r.tokens), mostQueries, max(2, mostScores/len(r.tokens)))
	r.left = len(r.tokens) - r.shown
	r.next, err = nextOf(x, in.Tokens)
	return r, err
}

// Result is what the model shows, and what the program shows if that is something else.
type Result struct {
	Name    string `json:"name"`
	Model   string `json:"model"`
	Program string `json:"program,omitempty"`
}

func (r *run) results() []Result {
	var list []Result
	for _, o := range r.trace.Outputs {
		one := Result{Name: o.Name, Model: r.tokensText(o.Model)}
		if len(o.Differ) > 0 {
			one.Program = r.tokensText(o.Program)
		}
		list = append(list, one)
	}
	return list
}

func (r *run) tokensText(tokens []model.Token) string {
	var list []string
	for _, t := range tokens[:min(len(tokens), r.shown-1)] {
		list = append(list, inside.TokenText(t))
	}
	return strings.Join(list, " ")
}

// readings are what a model holds of an s-op; those that the program has otherwise are marked.
func (r *run) readings(h inside.Holding) (texts []string, differ map[int]bool) {
	differ = map[int]bool{}
	for _, i := range h.Differ {
		differ[i] = true
	}
	for i, m := range h.Model[:min(len(h.Model), r.shown-1)] {
		text := m.String()
		if len(m.Values) > 1 && h.Program != nil {
			text = inside.TokenText(h.Program[i]) + "~"
		}
		if differ[i] {
			text += fmt.Sprintf(" (program %s)", inside.TokenText(h.Program[i]))
		}
		texts = append(texts, text)
	}
	return texts, differ
}
