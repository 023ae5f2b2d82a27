package service

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// example is an input of which values are shown.
type example struct {
	tokens []value.Value
	shown  string // as the program or a person writes it
	given  bool   // by the author
}

// Bounds of the values that are shown: tokens of the example, s-ops and selectors evaluated
// on it.
const (
	longestExample = 64
	mostEvaluated  = 20_000
)

// findExamples lists the inputs of the lines #> of the program. Without one it is what
// "set example" sets, or an input of the directives' domain, or "hello".
func (s *Snapshot) findExamples() (list []example) {
	for _, w := range s.words {
		if w.Kind != syntax.CommentWord || !strings.HasPrefix(w.Text(), "#>") {
			continue
		}
		chunks, err := golden.Read(s.Name, w.Text())
		if err == nil && len(chunks) == 1 && len(chunks[0].Cases) == 1 && chunks[0].Cases[0].Fault == nil {
			list = append(list, exampleOf(chunks[0].Cases[0].Input, true))
		}
	}
	if list == nil {
		if tokens := s.commanded(); tokens != nil {
			return []example{exampleOf(tokens, true)}
		}
		return []example{exampleOf(s.drawn(), false)}
	}
	return list
}

func exampleOf(tokens []value.Value, given bool) example {
	return example{tokens, inputText(tokens), given}
}

// inputText is an input as one writes it: a string, if each token is a character.
func inputText(tokens []value.Value) string {
	text := ""
	for _, t := range tokens {
		if t.Kind() != value.String || utf8.RuneCountInString(t.Text()) != 1 {
			return domain.Text(tokens)
		}
		text += t.Text()
	}
	return value.OfString(text).JSON()
}

// commanded is the input of the last "set example" with a string.
func (s *Snapshot) commanded() (tokens []value.Value) {
	s.statements(func(stmt syntax.Stmt) {
		c, ok := stmt.(*syntax.Command)
		if !ok || c.Verb != "set" || c.Target == "selector" {
			return
		}
		if text, ok := syntax.Unparen(c.Value).(*syntax.Literal); ok && text.Value.Kind() == value.String && text.Value.Text() != "" {
			tokens = characters(text.Value.Text())
		}
	})
	return tokens
}

func characters(text string) (tokens []value.Value) {
	for _, r := range text {
		tokens = append(tokens, value.OfString(string(r)))
	}
	return tokens
}

// drawn is an input of the domain of the directives.
func (s *Snapshot) drawn() []value.Value {
	const usual = 5
	d, fault := s.program.Domain()
	if fault != nil || len(d.Vocab) == 0 {
		return characters("hello")
	}
	if d.Length == 0 {
		d.Length = usual
	}
	length := 0
	for _, n := range d.Lengths() {
		if length == 0 || n <= usual {
			length = n
		}
	}
	if length == 0 {
		return characters("hello")
	}
	ids := make([]int, length)
	d.Draw(rand.New(rand.NewPCG(1, 1)), ids)
	return slices.Clone(d.Values(ids, nil))
}

// evaluation is an evaluator that has run the first example.
type evaluation struct {
	*interp.Evaluator
	err  error
	left int // nodes that may still be evaluated
}

// errNotShown is why a node of a large program or example has no value here.
var errNotShown = errors.New("not shown")

// evaluate calls use with an evaluator that has the value of n on the first example. The
// error says why it has none.
func (s *Snapshot) evaluate(n *graph.Node, use func(*interp.Evaluator)) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	x := s.examples[0]
	if len(x.tokens) > longestExample {
		return errNotShown
	}
	if s.ran == nil {
		r := &evaluation{Evaluator: interp.New(s.program.File.Directives.Causal), left: mostEvaluated}
		r.Interrupted = func() bool {
			r.left--
			return r.left < 0
		}
		r.err = r.Run(x.tokens)
		s.ran = r
	}
	if s.ran.err != nil {
		return s.ran.err
	}
	if err := s.ran.Extend(x.tokens, n); err != nil {
		if s.ran.left < 0 {
			return errNotShown
		}
		return err
	}
	use(s.ran.Evaluator)
	return nil
}
