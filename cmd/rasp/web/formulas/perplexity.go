package formulas

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang/ngram"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

// The page about perplexity: a text is split into lines to learn from and lines to be
// measured on; perplexity_sharp.go measures these at other temperatures, perplexity_guess.go
// has a sentence of them to guess and to code, perplexity_source.go a source whose entropy
// is known, perplexity_words.go the words of a text by how often they occur.
func perplexityMethods(compile Compile) rpc.Methods {
	return rpc.Methods{
		"perplexity.texts":  rpc.Typed(texts),
		"perplexity.clean":  rpc.Typed(clean),
		"perplexity.learn":  rpc.Typed(learn),
		"perplexity.guess":  rpc.Typed(guess),
		"perplexity.bets":   rpc.Typed(bets),
		"perplexity.code":   rpc.Typed(code),
		"perplexity.source": rpc.Typed(compile.source),
		"perplexity.words":  rpc.Typed(words),
	}
}

const (
	mostOrder   = 5       // of n-grams on the page
	mostLearned = 1 << 16 // bytes of a text for n-grams
)

//go:embed texts
var readyTexts embed.FS

// Text is a ready-made text.
type Text struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func texts(context.Context, struct{}) ([]Text, error) {
	entries, err := readyTexts.ReadDir("texts")
	if err != nil {
		return nil, err
	}
	var list []Text
	for _, e := range entries {
		content, err := readyTexts.ReadFile(path.Join("texts", e.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, Text{strings.TrimSuffix(e.Name(), path.Ext(e.Name())), string(content)})
	}
	return list, nil
}

// Learning says from what n-grams learn, and how.
type Learning struct {
	Text      string  `json:"text"`  // a sentence a line
	Share     float64 `json:"share"` // of the lines, at the end, that are only measured
	Smoothing string  `json:"smoothing"`
	K         float64 `json:"k,omitempty"` // of add-k; 1 if it is left out
	Order     int     `json:"order"`       // of the model that is looked at closely
}

// split cuts a text into lines to learn from and lines to measure, one at least of each;
// empty lines are left out.
func (l Learning) split() (train, test []string, err error) {
	if len(l.Text) > mostLearned {
		return nil, nil, rpc.Usage("", fmt.Sprintf("the text has %d bytes; the page takes up to %d", len(l.Text), mostLearned))
	}
	if !(l.Share > 0 && l.Share < 1) {
		return nil, nil, rpc.Usage("", fmt.Sprintf("share: a part of the lines between 0 and 1, not %g", l.Share))
	}
	var lines []string
	for line := range strings.Lines(l.Text) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) < 2 {
		return nil, nil, rpc.Usage("a line is a sentence: some are learnt from, the others measured", "the text needs two lines at least")
	}
	cut := len(lines) - min(max(int(math.Round(l.Share*float64(len(lines)))), 1), len(lines)-1)
	return lines[:cut], lines[cut:], nil
}

// joined are lines as the text of a file.
func joined(lines []string) string { return strings.Join(lines, "\n") + "\n" }

// grams estimates a model, as rasp ngram --order does.
func (l Learning) grams(train string, order int) (*ngram.Model, error) {
	smoothing, err := ngram.ParseSmoothing(l.Smoothing)
	if err != nil {
		return nil, rpc.Usage("", "smoothing: "+err.Error())
	}
	k := l.K
	if k == 0 {
		k = 1
	}
	if !(k > 0 && k <= 1e9) {
		return nil, rpc.Usage("", fmt.Sprintf("k: a positive number, not %g", k))
	}
	read := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(train)), nil }
	counts, err := ngram.Count(read, ngram.Options{Order: order, Split: text.Chars, MinCount: 1})
	if err != nil {
		return nil, rpc.Usage("", err.Error())
	}
	return counts.Estimate(smoothing, k)
}

// predictor of a text by n-grams of one order.
func (l Learning) predictor(train string, order int) (*open.Predictor, error) {
	m, err := l.grams(train, order)
	if err != nil {
		return nil, err
	}
	return open.PredictGrams(m, text.Chars.String())
}

// closely is the order that is looked at.
func (l Learning) closely() (int, error) {
	if l.Order < 1 || l.Order > mostOrder {
		return 0, rpc.Usage("", fmt.Sprintf("order: 1 to %d, not %d", mostOrder, l.Order))
	}
	return l.Order, nil
}

// Measured is how well a text is predicted: the numbers of rasp perplexity. What is
// infinite is null.
type Measured struct {
	Tokens     int      `json:"tokens"`
	Bits       *float64 `json:"bits"` // a token
	Perplexity *float64 `json:"perplexity"`
	Error      *float64 `json:"error"`           // standard error of Bits
	Zeros      int      `json:"zeros,omitempty"` // tokens that were said to be impossible
	Right      float64  `json:"right"`           // part of the tokens that were the likeliest
	Fault      string   `json:"fault,omitempty"` // why it could not be measured
}

// finiteOrNil is x, if JSON has it.
func finiteOrNil(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// measure scores a text, sentences by lines or one text.
func measure(ctx context.Context, p *open.Predictor, scored string, sentences bool) (Measured, error) {
	var texts [][]int // tokens, with what is context only
	o := perplexity.Options{Longest: p.Longest, Each: func(t *text.Token, _ float64, _ int) error {
		if t.Begins || len(texts) == 0 {
			texts = append(texts, nil)
		}
		texts[len(texts)-1] = append(texts[len(texts)-1], t.ID)
		return nil
	}}
	o.Split, o.Sentences = p.Split, sentences
	r, err := perplexity.Measure(ctx, strings.NewReader(scored), p.Vocabulary.Vocabulary, p, o, nil)
	var unknown *text.UnknownError
	if errors.As(err, &unknown) {
		return Measured{Fault: err.Error()}, nil
	}
	if err != nil {
		return Measured{}, err
	}
	m := Measured{Tokens: r.Tokens, Bits: finiteOrNil(r.Bits()), Perplexity: finiteOrNil(r.Perplexity()), Error: finiteOrNil(r.Error), Zeros: r.Zeros}
	if p.Order == 0 {
		return m, nil // accuracy is asked of n-grams only
	}
	right := 0
	for _, ids := range texts {
		err := p.Rows(ids[:len(ids)-1], func(at int, logs []float64) error {
			if likeliest(logs) == ids[at+1] {
				right++
			}
			return ctx.Err()
		})
		if err != nil {
			return m, err
		}
	}
	m.Right = float64(right) / float64(r.Tokens)
	return m, nil
}

// likeliest is the token of the highest logarithm, the first of equals.
func likeliest(logs []float64) int {
	best := 0
	for id, log := range logs {
		if log > logs[best] {
			best = id
		}
	}
	return best
}

// Learned is what n-grams of each order make of a text.
type Learned struct {
	Train  string      `json:"train"`
	Test   string      `json:"test"`
	Models []GramModel `json:"models"`
	Sharp  []Sharpened `json:"sharp"` // the test lines by the model that is looked at
}

// GramModel is a model of n-grams on what it learnt from, and on what it did not see.
type GramModel struct {
	Order int      `json:"order"`
	Grams int      `json:"grams"` // n-grams of all lengths
	Train Measured `json:"train"`
	Test  Measured `json:"test"`
}

func learn(ctx context.Context, l Learning) (Learned, error) {
	closely, err := l.closely()
	if err != nil {
		return Learned{}, err
	}
	train, test, err := l.split()
	if err != nil {
		return Learned{}, err
	}
	result := Learned{Train: joined(train), Test: joined(test)}
	for order := 1; order <= mostOrder; order++ {
		m, err := l.grams(result.Train, order)
		if err != nil {
			return result, err
		}
		g := GramModel{Order: order}
		for _, n := range m.Grams() {
			g.Grams += n
		}
		p, err := open.PredictGrams(m, text.Chars.String())
		if err != nil {
			return result, err
		}
		if g.Train, err = measure(ctx, p, result.Train, true); err != nil {
			return result, err
		}
		if g.Test, err = measure(ctx, p, result.Test, true); err != nil {
			return result, err
		}
		result.Models = append(result.Models, g)
		if order == closely {
			if result.Sharp, err = sharpen(ctx, p, test); err != nil {
				return result, err
			}
		}
	}
	return result, nil
}
