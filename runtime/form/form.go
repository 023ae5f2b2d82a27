// Package form is sets of words over a vocabulary: which inputs a program or a model is
// for, said by a regular expression.
//
// In comes an expression and the tokens as they print; out comes the minimal
// deterministic automaton, and what follows from it: whether a word is of the form and
// where it leaves it, how many words of a length there are, each of them by number, one
// at random, the tokens that can stand at a position, how often those of a class occur.
// The package knows tokens by number and by text, and nothing of programs or weights.
//
//	parse.go    the expression as a tree, with the places of what is wrong
//	resolve.go  its tokens, of a vocabulary
//	derive.go   the tree as an automaton, by derivatives (Brzozowski 1964)
//	minimal.go  the least one (Hopcroft 1971)
//	words.go    counts of words, words by number and at random
//	facts.go    what is true of all words
package form

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Form is a set of words: a minimal automaton whose states can all still become a word,
// the first of which is 0. It may be used by several goroutines.
type Form struct {
	text    string
	class   []int32   // by token: tokens that no word tells apart are one class
	members [][]int   // by class
	next    [][]int32 // [state][class]; none where no word goes on so
	accept  []bool    // by state: what was read is a word
	whole   bool      // false: of the beginnings of words of the expression

	counting sync.Mutex
	counts   [][]int     // [length][state]: words from there on, see Count
	logs     [][]float64 // [length][state]: their natural logarithm
}

const none = -1

// Limits of an expression, and of its automaton.
const (
	maxText    = 1 << 16 // bytes of an expression
	maxNesting = 100     // brackets inside each other
	maxRepeat  = 4096    // in {m,n}
	maxMention = 1 << 18 // tokens named by an expression, those of its ranges included
	maxStates  = 1 << 11 // of the automaton, also before it is minimal
	maxEdges   = 1 << 20 // states times classes of tokens
	maxSteps   = 1 << 22 // of taking expressions apart: half a second
)

// Error is a fault of an expression, with its place in it: bytes from Start to End.
type Error struct {
	Start, End int
	Message    string
	Hint       string
}

func (e *Error) Error() string { return e.Message }

// Check reports what is wrong with an expression whatever the vocabulary. The error is an
// *Error.
func Check(text string) error {
	_, err := parse(text)
	return err
}

// Parse reads an expression over a vocabulary, given as its tokens print: tokens that
// print alike are not told apart. The error is an *Error.
func Parse(text string, tokens []string) (*Form, error) {
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	r := newResolver(tokens)
	root, err := r.resolve(tree)
	if err != nil {
		return nil, err
	}
	f, err := r.automaton(root)
	if err != nil {
		return nil, err
	}
	f.text = strings.TrimSpace(text)
	f.whole = true
	if len(f.next) == 0 || !f.any() {
		return nil, &Error{0, len(text), "no input is of the form " + f.text, ""}
	}
	return f, nil
}

// any reports that there is a word of one token or more.
func (f *Form) any() bool {
	for _, t := range f.next[0] {
		if t != none {
			return true
		}
	}
	return false
}

// Join is the expression of the words that are of all the forms.
func Join(texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	parts := slices.Clone(texts)
	for i, t := range parts {
		if strings.Contains(t, "|") {
			parts[i] = "(" + t + ")"
		}
	}
	return strings.Join(parts, " & ")
}

// Beginnings is the form of all that a word of f can begin with.
func (f *Form) Beginnings() *Form {
	accept := slices.Repeat([]bool{true}, len(f.next))
	return &Form{text: f.text, class: f.class, members: f.members, next: f.next, accept: accept}
}

// String is the expression.
func (f *Form) String() string { return f.text }

// Described says which inputs are of the form, in a sentence: "of the form ..".
func (f *Form) Described() string {
	if f.whole {
		return "of the form " + f.text
	}
	return "that an input of the form " + f.text + " can begin with"
}

// Start is the state before the first token.
const Start = 0

// Step is the state after one more token; false if no word goes on with it.
func (f *Form) Step(state, token int) (int, bool) {
	t := f.next[state][f.class[token]]
	return int(t), t != none
}

// IsWord reports that what led to a state is a word.
func (f *Form) IsWord(state int) bool { return f.accept[state] }

// Leaves is the position of the first token with which an input leaves the form, its
// length if it ends before it is a word; ok if it is one.
func (f *Form) Leaves(ids []int) (position int, ok bool) {
	state := Start
	for i, id := range ids {
		if state, ok = f.Step(state, id); !ok {
			return i, false
		}
	}
	return len(ids), f.accept[state]
}

// Follows lists the tokens that can come in a state, at most so many; false if there are
// more.
func (f *Form) Follows(state, most int) (tokens []int, all bool) {
	for token, c := range f.class {
		if f.next[state][c] == none {
			continue
		}
		if len(tokens) == most {
			return tokens, false
		}
		tokens = append(tokens, token)
	}
	return tokens, true
}

// StateAfter is the state that an input leads to, no token of which leaves the form.
func (f *Form) StateAfter(ids []int) int {
	state := Start
	for _, id := range ids {
		state, _ = f.Step(state, id)
	}
	return state
}

func errorf(start, end int, hint, format string, args ...any) *Error {
	return &Error{start, end, fmt.Sprintf(format, args...), hint}
}

// caught makes an *Error that was thrown the error of a function.
func caught(err *error) {
	switch thrown := recover().(type) {
	case nil:
	case *Error:
		*err = thrown
	default:
		panic(thrown)
	}
}
