package service

import (
	"fmt"
	"slices"
	"strings"

	"rasp/lang/check"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// Completion is what could be written at a place.
type Completion struct {
	Label         string `json:"label"`
	Kind          int    `json:"kind"`
	Detail        string `json:"detail,omitempty"`
	Documentation Markup `json:"documentation"`
	SortText      string `json:"sortText"`
	Format        int    `json:"insertTextFormat"` // plainText or snippet
	TextEdit      Edit   `json:"textEdit"`
}

// Kinds of completions, as the protocol numbers them.
const (
	aFunction  = 3
	aVariable  = 6
	aProperty  = 10
	aKeyword   = 14
	aConstant  = 21
	plainText  = 1
	snippet    = 2
	mine, next = "1", "2" // what the program binds stands before the language's words
)

// snippets are what stands for calls of the language, with places to fill in.
var snippets = map[string]string{
	"select": "select(${1:keys}, ${2:queries}, ${3:==})", "aggregate": "aggregate(${1:selector}, ${2:values})",
	"range": "range($1)", "zip": "zip($1, $2)", "len": "len($1)", "round": "round($1)", "indicator": "indicator($1)",
	"def": "def ${1:name}(${2:a}) {\n    $0\n    return ${3:a};\n}", "for": "for ${1:i} in ${2:range(3)} {\n    $0\n}",
	"load": `load "$1";`, "draw": "draw($1);",
}

// Complete lists what the word before a position can become. With snippets, calls have
// places to fill in.
func (s *Snapshot) Complete(p Position, snippets bool) []Completion {
	offset := s.Offset(p)
	c := &completer{Snapshot: s, snippets: snippets, list: []Completion{}}
	c.from, c.to = offset, offset
	if i := s.wordsBefore(offset) - 1; i >= 0 && offset <= s.words[i].Span.End {
		switch w := s.words[i]; {
		case isComment(w):
			c.directives(w, offset)
			return c.list
		case w.Kind == syntax.StringWord && offset < w.Span.End, w.Kind == syntax.NumberWord, w.Kind == syntax.BadWord:
			return c.list
		case w.Kind == syntax.NameWord, w.Kind == syntax.KeywordWord, w.Kind == syntax.CallWord:
			c.from, c.to = w.Span.Start, w.Span.End
		}
	}
	if i := s.wordsBefore(c.from) - 1; i >= 0 && s.words[i].Is("def", "for") {
		return c.list // a new name
	}
	c.names()
	c.words()
	return c.list
}

type completer struct {
	*Snapshot
	snippets bool
	from, to int // what is replaced
	list     []Completion
}

func (c *completer) add(label string, kind int, detail, doc, rank, text string) {
	item := Completion{Label: label, Kind: kind, Detail: detail, Documentation: markdown(doc), SortText: rank + label, Format: plainText,
		TextEdit: Edit{Range{c.Position(c.from), c.Position(c.to)}, label}}
	if text != "" && c.snippets && !c.called() {
		item.Format, item.TextEdit.NewText = snippet, text
	}
	c.list = append(c.list, item)
}

// called reports whether a parenthesis follows already.
func (c *completer) called() bool { return strings.HasPrefix(c.text[c.to:], "(") }

// names are those of the variables in sight.
func (c *completer) names() {
	for _, v := range c.inSight() {
		if !syntax.IsName(v.Name) { // a word of a statement that cannot be read
			continue
		}
		kind, rank, detail := aVariable, mine, kindOf(v.Can)
		if v.Role == check.Language {
			rank = next
		}
		text := ""
		if signature := signatureOf(v); v.Can.Surely(rules.Function) && strings.Contains(signature, "(") {
			kind, detail, text = aFunction, signature, asSnippet(signature)
		}
		c.add(v.Name, kind, detail, docOf(v), rank, text)
	}
}

func (c *completer) inSight() []*check.Variable { return c.Snapshot.names.InSight(c.from) }

// asSnippet makes places to fill in of the parameters: sort(${1:seq}, ${2:key}).
func asSnippet(signature string) string {
	name, rest, _ := strings.Cut(strings.TrimSuffix(signature, ")"), "(")
	if rest == "" {
		return name + "()"
	}
	parameters := strings.Split(rest, ", ")
	for i, p := range parameters {
		parameters[i] = fmt.Sprintf("${%d:%s}", i+1, p)
	}
	return name + "(" + strings.Join(parameters, ", ") + ")"
}

// words are those of the language.
func (c *completer) words() {
	known := map[string]bool{}
	for _, item := range c.list {
		known[item.Label] = true
	}
	var names []string
	for name := range reference() {
		if !known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		kind := aKeyword
		switch {
		case slices.Contains(rules.Callable, name):
			kind = aFunction
		case name == "True" || name == "False":
			kind = aConstant
		case name == "help" || name == "full" || syntax.IsName(name):
			continue
		}
		w := reference()[name]
		c.add(name, kind, w.Signature, w.Doc, next, snippets[name])
	}
}

// directives complete #rasp: comments.
func (c *completer) directives(w syntax.Word, offset int) {
	const prefix = "#rasp:"
	before := c.text[w.Span.Start:offset]
	if strings.ContainsAny(before, " \t") || !strings.HasPrefix(before, prefix) && !strings.HasPrefix(prefix, before) {
		return
	}
	c.from, c.to = w.Span.Start, offset
	for c.to < w.Span.End && c.text[c.to] != ' ' && c.text[c.to] != '\t' {
		c.to++
	}
	for _, name := range syntax.DirectiveNames() {
		d := directiveWords[name]
		text := ""
		if d.snippet != "" && c.to == w.Span.End {
			text = prefix + name + " " + d.snippet
		}
		c.add(prefix+name, aProperty, d.takes, d.doc, mine, text)
	}
}
