package api

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang/ngram"
	"rasp/lang/value"
	"rasp/runtime/text"
)

// recallParams ask for what comes after a text in which a name was said some words ago.
type recallParams struct {
	Name  string `json:"name"`
	Words int    `json:"words"` // between the name and where it returns
	Order int    `json:"order"` // of the n-grams
}

// Recall is what two models say of the last word of a text.
type Recall struct {
	Training []string `json:"training"` // what the n-grams are counts of, a sentence a line
	Text     []string `json:"text"`     // the next word would be the name
	Names    []string `json:"names"`
	Reach    int      `json:"reach"` // the least order whose n-grams have the name and where it returns

	Grams  int       `json:"grams"`  // n-grams of all orders that the model keeps
	Used   int       `json:"used"`   // the length of the n-gram that says how likely the name is; 0: none knows it
	Markov []float64 `json:"markov"` // probability of each name

	Program    string    `json:"program"`    // of the model with attention
	Parameters int       `json:"parameters"` // of its weights that are not 0
	Attention  []float64 `json:"attention"`  // probability of each name
	Head       string    `json:"head"`       // the one that recalls
	Shares     []float64 `json:"shares"`     // of what its last position attends to, by position
}

// Names that texts tell of; the last one is in no training text.
var recallNames = []string{"ada", "ben", "eva", "max", "zoe"}

var (
	recallBegin = []string{"my", "name", "is"}
	recallWords = strings.Fields("and i live by the sea in a little white house with two cats one dog")
)

// recallText is "my name is NAME", so many words, and "my name is".
func recallText(name string, words int) []string {
	return slices.Concat(recallBegin, []string{name}, recallWords[:words], recallBegin)
}

// recallProgram looks for the last place where the token before was the one that stands here.
var recallProgram = sync.OnceValue(func() string {
	vocab := slices.Concat(recallNames, recallBegin, recallWords)
	quoted := make([]string, len(vocab))
	for i, w := range vocab {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	list := strings.Join(quoted, ", ")
	return fmt.Sprintf(`#rasp:vocab [%s]
#rasp:length %d
#rasp:causal
#rasp:output next
token_before = shift(tokens, 1, "");
copied = latest(token_before, tokens, tokens, "");
next = {t: 100 if copied == t else 1 for t in [%s]};
`, list, 2*len(recallBegin)+1+len(recallWords), list)
})

func (h *Host) recall(ctx context.Context, p recallParams) (*Recall, error) {
	switch {
	case !slices.Contains(recallNames, p.Name):
		return nil, rpc.Usage("the names are "+strings.Join(recallNames, ", "), "no text tells of "+p.Name)
	case p.Words < 0 || p.Words > len(recallWords):
		return nil, rpc.Usage("", fmt.Sprintf("words: 0 to %d", len(recallWords)))
	case p.Order < 1 || p.Order > ngram.MaxOrder:
		return nil, rpc.Usage("", fmt.Sprintf("order: 1 to %d", ngram.MaxOrder))
	}
	r := &Recall{Text: recallText(p.Name, p.Words), Names: recallNames, Reach: len(recallBegin) + p.Words + 2, Program: recallProgram()}
	for _, name := range recallNames[:len(recallNames)-1] {
		r.Training = append(r.Training, strings.Join(append(recallText(name, p.Words), name), " "))
	}
	if err := r.markov(p); err != nil {
		return nil, err
	}
	return r, h.attend(ctx, r)
}

// markov asks n-grams, by relative frequency.
func (r *Recall) markov(p recallParams) error {
	read := func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Join(r.Training, "\n") + "\n")), nil
	}
	counts, err := ngram.Count(read, ngram.Options{Order: p.Order, Split: text.Words})
	if err != nil {
		return err
	}
	m, err := counts.Estimate(ngram.MLE, 0)
	if err != nil {
		return err
	}
	for _, n := range m.Grams() {
		r.Grams += n
	}
	before := append([]string{"<s>"}, r.Text...)
	for _, name := range recallNames {
		r.Markov = append(r.Markov, math.Exp(m.Score(before, name)))
	}
	r.Used = used(m, before, p.Name)
	return nil
}

// used is the length of the n-gram that says how likely a token is; 0 where the model does
// not know the token. What the model does not know ends a context.
func used(m *ngram.Model, before []string, token string) int {
	tokens := m.Tokens()
	id := slices.Index(tokens, token)
	if id < 0 {
		return 0
	}
	var ids []int
	for _, t := range before {
		if at := slices.Index(tokens, t); at >= 0 {
			ids = append(ids, at)
		} else {
			ids = nil
		}
	}
	_, order := ngram.NewQuery(m).Log(ids, id)
	return order
}

// attend asks the compiled program.
func (h *Host) attend(ctx context.Context, r *Recall) error {
	m, err := h.model(ctx, Program{Text: recallProgram()})
	if err != nil {
		return err
	}
	predictor, err := open.Predict(m.Model, "", open.Device{}, "", 1)
	if err != nil {
		return err
	}
	input, ids := make([]value.Value, len(r.Text)), make([]int, len(r.Text))
	for i, w := range r.Text {
		input[i], ids[i] = value.OfString(w), idOf(predictor, w)
	}
	logs, err := predictor.Next(ids)
	if err != nil {
		return err
	}
	for _, name := range recallNames {
		r.Attention = append(r.Attention, math.Exp(logs[idOf(predictor, name)]))
	}
	trace, err := m.Inside.TraceAt(input, len(input)-1)
	if err != nil {
		return err
	}
	last := trace.Layers[len(trace.Layers)-1]
	head := last.Heads[0]
	r.Head, r.Shares = fmt.Sprintf("%d.%d", last.Layer, head.Head), sharesOf(head.Weights[0])
	_, r.Parameters = m.Parameters()
	return nil
}

// idOf a word of the vocabulary.
func idOf(p *open.Predictor, word string) int {
	return slices.IndexFunc(p.Tokens, func(t value.Value) bool { return t.String() == word })
}
