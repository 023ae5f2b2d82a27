package open

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/flow"
	"rasp/lang/flow/picture"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/lang/value"
)

// InputOf reads an input of a program.
func (c Choices) InputOf(program *lang.Program, text string) ([]value.Value, error) {
	return Input(text, NewVocabulary(c.lenient(program).Vocab))
}

// Picture evaluates a program on an input and draws the way to the s-op that is
// named or, if none is, to the outputs. The input is shown in the title.
func (c Choices) Picture(program *lang.Program, names []string, tokens []value.Value, shown string) (*picture.Picture, error) {
	d := c.lenient(program)
	outputs, err := Outputs(program, names, d.Vocab)
	if err != nil {
		return nil, err
	}
	var drawn []string
	for _, o := range outputs {
		if o.Next == nil && o.Node.IsSelector() {
			return nil, diag.Errorf(o.Span, diag.Type, "%s is a selector; what is drawn is the way to an s-op", o.Name).
				WithHint("name an s-op that aggregates over it: --main NAME")
		}
		drawn = append(drawn, o.Name)
	}
	roots := graph.Roots(outputs)
	evaluator := interp.New(d.Causal, roots...)
	if err := evaluator.Run(tokens); err != nil {
		return nil, Diagnose(err)
	}
	title := fmt.Sprintf("%s(%s)", strings.Join(drawn, ", "), shown)
	first := outputs[0]
	if first.Next == nil || first.Next.Token != nil {
		return picture.New(title, flow.Of(roots...), evaluator, tokens), nil
	}
	chances, err := chancesOf(first, d.Vocab, d.Causal, tokens)
	if err != nil {
		return nil, err
	}
	return picture.Predict(title, flow.Of(roots...), evaluator, tokens, chances), nil
}

// mostChances is how many tokens a picture of a prediction shows.
const mostChances = 24

// chancesOf are the likeliest tokens after an input, in the order of the vocabulary, with
// their probabilities after each position.
func chancesOf(o graph.Output, vocab []value.Value, causal bool, input []value.Value) ([]picture.Chance, error) {
	results, err := predict.New([]graph.Output{o}, vocab, causal).Run(input)
	if err != nil {
		return nil, Diagnose(err)
	}
	rows := results[0].Next
	ids := make([]int, len(vocab))
	for id := range ids {
		ids[id] = id
	}
	if last := len(rows) - 1; last >= 0 {
		slices.SortStableFunc(ids, func(a, b int) int { return cmp.Compare(rows[last][b], rows[last][a]) })
	}
	ids = slices.Sorted(slices.Values(ids[:min(len(ids), mostChances)]))
	var chances []picture.Chance
	for _, id := range ids {
		c := picture.Chance{Token: vocab[id]}
		if at := slices.Index(o.Next.Tokens, vocab[id]); at >= 0 {
			c.Score = o.Next.Scores[at]
		}
		for _, row := range rows {
			c.P = append(c.P, math.Exp(row[id]))
		}
		chances = append(chances, c)
	}
	return chances, nil
}
