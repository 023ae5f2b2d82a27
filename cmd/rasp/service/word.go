package service

import (
	"strings"
	"sync"

	"rasp/lang/check"
	"rasp/lang/console"
	"rasp/lang/diag"
	"rasp/lang/pattern"
)

// reference are the words of the language and the names of the library, by name.
var reference = sync.OnceValue(func() map[string]console.Word {
	words := map[string]console.Word{
		"True":   {Name: "True", Signature: "True", Doc: "The truth value."},
		"False":  {Name: "False", Signature: "False", Doc: "The other truth value."},
		"return": {Name: "return", Signature: "return a;", Doc: "What a function gives: its last statement. return a, b; gives a list."},
		"else":   {Name: "else", Signature: "a if c else b", Doc: "a where c is true, else b."},
	}
	for _, w := range console.Reference() {
		if _, known := words[w.Name]; !known {
			words[w.Name] = w
		}
	}
	return words
})

// directive is what a #rasp: comment takes.
type directive struct{ takes, snippet, doc string }

// directiveWords say of each directive what it is for.
var directiveWords = map[string]directive{
	"vocab":      {`"abc"`, `"${1:abc}"`, `The tokens of the model: "abc" (one a character), ["the", "cat"] or 0..9.`},
	"length":     {"32", "${1:16}", "The length of the longest input of the model."},
	"output":     {"a, b", "${1:name}", "The s-ops that the program is run and compiled for; else it is the last one assigned."},
	"causal":     {"", "", "Attention looks to the left only: row i of each selector has the columns up to i."},
	"inputs":     {`[01]+ "=" [01]*`, `${1:.*}`, "The form of the inputs, as a regular expression over the vocabulary; the model is right on those."},
	"partial":    {"", "", "Compile the program although it fails on some inputs. Nothing is claimed about these."},
	"confidence": {"0.9", "${1:0.9}", "The output names the next token, which then has this probability."},
	"logits":     {"", "", "The output is a dict of logits of the next token, not of weights."},
}

// signatureOf a variable, if it is surely a function: name(a, b).
func signatureOf(v *check.Variable) string {
	if v.Def != nil {
		return v.Def.Signature()
	}
	if v.Role == check.Language {
		return reference()[v.Name].Signature
	}
	return ""
}

// docOf is the comment above the definition of a variable, or what the reference says.
func docOf(v *check.Variable) string {
	if v.Role == check.Language {
		return reference()[v.Name].Doc
	}
	if v.Where.Source == nil || v.Role == check.Parameter || v.Role == check.Iterator {
		return ""
	}
	return commentAbove(v.Where.Source, v.Where.Line())
}

var notProse = pattern.Of(`^#(rasp:|>|=|<| *\^)`)

// commentAbove joins the lines of the comment right above a line. Directives and examples
// are none.
func commentAbove(src *diag.Source, line int) string {
	var lines []string
	for n := line - 1; n > 0; n-- {
		text := strings.TrimSpace(src.Line(n))
		if !strings.HasPrefix(text, "#") || notProse().MatchString(text) {
			break
		}
		lines = append([]string{strings.TrimSpace(strings.TrimPrefix(text, "#"))}, lines...)
	}
	return strings.Join(lines, "\n")
}
