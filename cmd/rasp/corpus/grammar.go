package corpus

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sort is a type of the grammar: finer than the types of RASP, so that programs that are
// drawn seldom fail.
type sort int

const (
	tokens   sort = iota // s-op of strings
	whole                // s-op of ints
	number               // s-op of ints or floats
	truth                // s-op of bools
	selector             //
	one                  // selector of at most one key for each query
	letter               // a token of the vocabulary, as a constant
	small                // an int, as a constant
)

// outputSorts are the names of what a program can give.
var outputSorts = [...]string{tokens: "tokens", whole: "ints", number: "numbers", truth: "bools"}

// OutputSorts are what a program can give.
func OutputSorts() []string { return slices.Clone(outputSorts[:]) }

// gives says that programs of a specification give the sort.
func (s *Spec) gives(of sort) bool {
	return of < selector && slices.Contains(s.Outputs, outputSorts[of])
}

// fits says that a value of one sort may stand where the other is wanted.
func (s sort) fits(wanted sort) bool {
	return s == wanted || s == whole && wanted == number || s == one && wanted == selector
}

// least is how many operations one of the sort takes.
func (s sort) least() int {
	if s == truth || s == selector || s == one {
		return 1
	}
	return 0
}

// operation is a row of the grammar: what it makes of what. In the text $1 is its first
// operand.
type operation struct {
	name     string
	often    float64 // how often it is drawn, where a specification does not say
	makes    sort
	operands []sort
	texts    []string // of which one is drawn
}

// least is how many operations a program of this one takes, itself included.
func (o *operation) least() int {
	n := 1
	for _, s := range o.operands {
		n += s.least()
	}
	return n
}

// lastTaker is the place of the last operand that can take operations; -1 if there is none.
func (o *operation) lastTaker() int {
	for i := len(o.operands) - 1; i >= 0; i-- {
		if s := o.operands[i]; s != letter && s != small {
			return i
		}
	}
	return -1
}

// operations are all that programs are made of.
var operations = []operation{
	{"select_token", 2, selector, []sort{tokens, tokens}, []string{"select($1, $2, ==)", "select($1, $2, !=)", "select($1, $2, <)", "select($1, $2, <=)"}},
	{"select_letter", 2, selector, []sort{tokens, letter}, []string{"select($1, $2, ==)", "select($1, $2, !=)"}},
	{"select_order", 1, selector, []sort{whole, whole}, []string{"select($1, $2, ==)", "select($1, $2, <)", "select($1, $2, <=)", "select($1, $2, !=)"}},
	{"select_true", 1.5, selector, []sort{truth}, []string{"select($1, True, ==)"}},
	{"select_position", 1, one, []sort{whole}, []string{"select(indices, $1, ==)"}},
	{"select_offset", 1, one, []sort{small}, []string{"select(indices, indices - $1, ==)", "select(indices, indices + $1, ==)", "select(indices, $1, ==)"}},
	{"select_mirror", 0.2, one, nil, []string{"select(indices, length - 1 - indices, ==)"}},
	{"select_both", 1.5, selector, []sort{selector, selector}, []string{"$1 and $2", "$1 or $2"}},
	{"select_not", 0.3, selector, []sort{selector}, []string{"not $1"}},
	{"width", 4, whole, []sort{selector}, []string{"selector_width($1)"}},
	{"fetch_token", 2, tokens, []sort{one, tokens, letter}, []string{"aggregate($1, $2, $3)"}},
	{"fetch_number", 1.5, whole, []sort{one, whole, small}, []string{"aggregate($1, $2, $3)"}},
	{"mean", 1, number, []sort{selector, number}, []string{"aggregate($1, $2)"}},
	{"share", 1, number, []sort{selector, truth}, []string{"aggregate($1, indicator($2))"}},
	{"add", 0.7, whole, []sort{whole, whole}, []string{"$1 + $2", "$1 - $2"}},
	{"add_small", 0.3, whole, []sort{whole, small}, []string{"$1 + $2", "$1 - $2", "$1 * $2"}},
	{"remainder", 0.4, whole, []sort{whole, small}, []string{"$1 % ($2 + 1)"}},
	{"smaller", 0.5, whole, []sort{whole, whole}, []string{"min($1, $2)", "max($1, $2)"}},
	{"is_letter", 1.5, truth, []sort{tokens, letter}, []string{"$1 == $2"}},
	{"is_token", 1, truth, []sort{tokens, tokens}, []string{"$1 == $2", "$1 < $2"}},
	{"is_number", 1.5, truth, []sort{number, small}, []string{"$1 == $2", "$1 < $2", "$1 > $2"}},
	{"is_order", 1.5, truth, []sort{whole, whole}, []string{"$1 == $2", "$1 < $2", "$1 <= $2"}},
	{"both", 1, truth, []sort{truth, truth}, []string{"$1 and $2", "$1 or $2"}},
	{"not", 0.3, truth, []sort{truth}, []string{"not $1"}},
	{"choose_token", 1, tokens, []sort{truth, tokens, tokens}, []string{"$2 if $1 else $3"}},
	{"choose_letter", 1, tokens, []sort{truth, tokens, letter}, []string{"$2 if $1 else $3"}},
	{"choose_number", 1, whole, []sort{truth, whole, whole}, []string{"$2 if $1 else $3"}},
	{"choose_small", 0.5, whole, []sort{truth, whole, small}, []string{"$2 if $1 else $3"}},
}

// Operations lists the names of all operations.
func Operations() []string {
	names := make([]string, len(operations))
	for i, o := range operations {
		names[i] = o.name
	}
	return names
}

// given are the s-ops of every program.
var given = []struct {
	makes sort
	name  string
	often int
}{{tokens, "tokens", 1}, {whole, "indices", 3}, {whole, "length", 1}}

// smallest and largest are the bounds of small constants.
const smallest, largest = 1, 3

// statement of a program under construction.
type statement struct {
	makes    sort
	text     string // of the operation, with $1, ..
	operands []operand
}

// operand is a statement by its place, or a text.
type operand struct {
	statement int // -1: text
	text      string
}

// sketch is a program of statements, of which the last is the output.
type sketch []statement

// needed is the sketch without the statements that the last does not need.
func (s sketch) needed() (kept sketch) {
	keep, place := make([]bool, len(s)), make([]int, len(s))
	keep[len(s)-1] = true
	for i := len(s) - 1; i >= 0; i-- {
		for _, o := range s[i].operands {
			if keep[i] && o.statement >= 0 {
				keep[o.statement] = true
			}
		}
	}
	for i, st := range s {
		if !keep[i] {
			continue
		}
		place[i] = len(kept)
		st.operands = slices.Clone(st.operands)
		for k, o := range st.operands {
			if o.statement >= 0 {
				st.operands[k].statement = place[o.statement]
			}
		}
		kept = append(kept, st)
	}
	return kept
}

// depth is how many statements at most take what the one before gives.
func (s sketch) depth() (deepest int) {
	depths := make([]int, len(s))
	for i, st := range s {
		for _, o := range st.operands {
			if o.statement >= 0 {
				depths[i] = max(depths[i], depths[o.statement])
			}
		}
		depths[i]++
		deepest = max(deepest, depths[i])
	}
	return deepest
}

// name of a statement.
func name(i int) string { return fmt.Sprintf("x%d", i+1) }

// program is the text of a sketch for a domain.
func (s sketch) program(d Domain) string {
	var b strings.Builder
	b.WriteString(d.directives())
	for i, st := range s {
		var pairs []string
		for k, o := range st.operands {
			text := o.text
			if o.statement >= 0 {
				text = name(o.statement)
			}
			pairs = append(pairs, "$"+strconv.Itoa(k+1), text)
		}
		fmt.Fprintf(&b, "%s = %s;\n", name(i), strings.NewReplacer(pairs...).Replace(st.text))
	}
	return b.String()
}

// chosen are the operations that have a weight, with it; without weights all.
func chosen(weights map[string]float64) (list []operation, shares []float64) {
	for _, o := range operations {
		often := o.often
		if len(weights) > 0 {
			often = weights[o.name]
		}
		if often > 0 {
			list, shares = append(list, o), append(shares, often)
		}
	}
	return list, shares
}

// unknown is the first name, in alphabetical order, that is no operation.
func unknown(weights map[string]float64) string {
	known := Operations()
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}
