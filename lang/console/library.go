package console

import (
	"slices"
	"strings"
	"sync"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/syntax"
	"rasp/stdlib"
)

// entry is a name that every program finds predefined.
type entry struct {
	name      string
	signature string // sort(seq, key)
	doc       string // the comment above its definition
	source    string // "" for what the language itself brings
}

// library are the names of library.rasp, in the order of the file.
var library = sync.OnceValue(func() []entry {
	text, err := stdlib.FS.ReadFile("library.rasp")
	if err != nil {
		return nil // cannot happen: it is embedded
	}
	src := diag.NewSource("library.rasp", string(text))
	file, _ := syntax.Parse(src)
	var list []entry
	for _, stmt := range file.Stmts {
		e := entry{doc: commentAbove(src, stmt.Span().Line()), source: stmt.Span().Text()}
		switch stmt := stmt.(type) {
		case *syntax.Assign:
			e.name = stmt.Names[0].Name
			e.signature = e.name
		case *syntax.FuncDef:
			params := make([]string, len(stmt.Params))
			for i, p := range stmt.Params {
				params[i] = p.Name
			}
			e.name = stmt.Name.Name
			e.signature = e.name + "(" + strings.Join(params, ", ") + ")"
		default:
			continue
		}
		list = append(list, e)
	}
	return list
})

func isLibrary(name string) bool {
	return slices.ContainsFunc(library(), func(e entry) bool { return e.name == name })
}

// commentAbove joins the comment lines right above a line.
func commentAbove(src *diag.Source, line int) string {
	var lines []string
	for n := line - 1; strings.HasPrefix(src.Line(n), "#"); n-- {
		lines = append([]string{strings.TrimSpace(strings.TrimPrefix(src.Line(n), "#"))}, lines...)
	}
	return strings.Join(lines, "\n")
}

var sentenceEnd = pattern.Of(`[.?] `)

// line is the first sentence of the documentation.
func (e entry) line() string {
	text := strings.ReplaceAll(e.doc, "\n", " ")
	if at := sentenceEnd().FindStringIndex(text); at != nil {
		return text[:at[0]+1]
	}
	return text
}

// nativeSignature is that of the one predefined function that is not written in
// RASP.
const nativeSignature = "lookup(table, s, .., default)"

// base are the names of the language itself.
var base = []entry{
	{"tokens", "tokens", "The input, as strings; may be bound anew: tokens = tokens_int;", ""},
	{"indices", "indices", "The positions 0, 1, 2, ...", ""},
	{"tokens_asis", "tokens_asis", "The input as it is.", ""},
	{"tokens_str", "tokens_str", "The input as strings.", ""},
	{"tokens_int", "tokens_int", "The input as ints.", ""},
	{"tokens_float", "tokens_float", "The input as floats.", ""},
	{"tokens_bool", "tokens_bool", "Is the element neither zero nor empty?", ""},
	{"quote", "quote", "The string of a double quote, which no literal can hold; may be bound anew.", ""},
	{"out", "out", "The last value that was computed.", ""},
}

// forms are the expressions that look like calls.
var forms = []entry{
	{"select", "select(key, query, ==)", "The selector of all (row, column) with key[column] == query[row]; also != < <= > >=.", ""},
	{"aggregate", "aggregate(sel, seq, default)", "The mean of seq over what each row selects; default (or 0) where that is nothing.", ""},
	{"indicator", "indicator(s)", "1 where s is true, else 0.", ""},
	{"round", "round(s)", "The nearest int, ties to the even one.", ""},
	{"range", "range(start, stop, step)", "The list of the ints from start (or 0) to before stop.", ""},
	{"zip", "zip(a, b)", "The list of the pairs of two lists, or triples of three.", ""},
	{"len", "len(l)", "The number of elements of a list.", ""},
	{"lookup", nativeSignature, "What the elements of s-ops lead to in dicts inside each other; default where a key is missing.\n" +
		"If dicts of atoms stand at the end, the result is a dict of s-ops. The name may be bound anew.", ""},
	{"if", "a if c else b", "a where c is true, else b: at each position, if c is an s-op.", ""},
	{"and", "a and b", "True where both are; of two selectors, what both select.", ""},
	{"or", "a or b", "True where one of them is; of two selectors, what one of them selects.", ""},
	{"not", "not a", "True where a is not; of a selector, what it does not select.", ""},
	{"in", "a in l", "True where a is one of the elements of a list, or of the keys of a dict.", ""},
	{"for", "for x in l { y = f(x); }", "The statements for each element of a list, or each key of a dict, before there is an input.\n" +
		"Also [f(x) for x in l] and {x: f(x) for x in l}.", ""},
	{"def", "def f(a, b) { return a + b; }", "A function. It sees the names around it and binds none of them; return is its last statement.", ""},
}

// commands take no semicolon.
var commands = []entry{
	{"set", `set example "hello"`, "Show s-ops and selectors on this input: a string, list or dict.", ""},
	{"show", "show example", "Print that input.", ""},
	{"examples", "examples off", "Show only names; also on.", ""},
	{"full", "full seq display on", "Show s-ops below the input; also off.", ""},
	{"load", `load "file";`, "Run file.rasp and keep its names.", ""},
	{"draw", "draw(s);", "Evaluate s on the example.", ""},
	{"help", "help NAME", "This list, or all about a name.", ""},
	{"exit", "exit", "End the session; also quit.", ""},
}

// directives are comments of a program that say for which inputs it is, and what its output means.
var directives = []entry{
	{"vocab", `#rasp:vocab "abc"`, "A line of a program: the tokens that there are; also a list such as [\"the\", \"cat\"], or a range, 0..9.", ""},
	{"length", "#rasp:length 20", "A line of a program: the longest input, in tokens.", ""},
	{"inputs", `#rasp:inputs [01]+ "=" [01]+`, "A line of a program: the form of its inputs, a regular expression; or one \"=\", at most one \"=\".", ""},
	{"output", "#rasp:output a, b", "A line of a program: its outputs; without it the last name that is bound.", ""},
	{"causal", "#rasp:causal", "A line of a program: each position sees those up to itself only.", ""},
	{"partial", "#rasp:partial", "A line of a program: it may fail on some inputs, and its model then answers anything.", ""},
	{"logits", "#rasp:logits", "A line of a program: the numbers of its dict are logarithms of weights.", ""},
	{"confidence", "#rasp:confidence 0.9", "A line of a program: its output is the next token, and this the probability of that.", ""},
}
