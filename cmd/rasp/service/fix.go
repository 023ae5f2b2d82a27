package service

import (
	"regexp"
	"slices"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/rules"
	"rasp/lang/syntax"
)

// Hints say in words what to write. Where that is one thing, it is made an edit here: the
// words are the interface, so that what a terminal advises is what an editor does.

// fix is a piece of text to write in place of a span.
type fix struct {
	title string
	at    diag.Span
	text  string
}

// fixers make a fix of a fault whose hint they know; false for others. What they find between
// parentheses in the hint is in found.
var fixers = []struct {
	hint func() *regexp.Regexp
	make func(s *Snapshot, d *diag.Diagnostic, found []string) (fix, bool)
}{
	{pattern.Of(`^did you mean (#rasp:[a-z]+)\?$`), (*Snapshot).respellDirective},
	{pattern.Of(`^write (#rasp:[a-z]+) without blanks`), (*Snapshot).respellDirective},
	{pattern.Of(`^did you mean ([A-Za-z_][A-Za-z0-9_]*)(?:\(\.\.\))?\?$`), (*Snapshot).respell},
	{pattern.Of(`^write (True|False|length|full_s|>=|<=)$`), (*Snapshot).respell},
	{pattern.Of(`^the (?:positions are|input is|number of tokens is) (indices|tokens|length)$`), (*Snapshot).respell},
	{pattern.Of(`^a comparison stands without quotes: (\S+)$`), (*Snapshot).respell},
	{pattern.Of(`^(selector_width|has_focus)\((.*)\)$`), (*Snapshot).wrap},
	{pattern.Of(`^write (and|or|not)$`), (*Snapshot).spellOut},
	{pattern.Of(`^(?:use double quotes|digits stand on both sides of the point): (".*"|[0-9.]+)$`), (*Snapshot).replace},
	{pattern.Of(`^remove the comma, or add what should follow it$`), (*Snapshot).removeComma},
	{pattern.Of(`^statements end with a semicolon$`), (*Snapshot).addSemicolon},
	{pattern.Of(`^(?:remove the semicolon|commands take no semicolon|no semicolon follows the \} of a def or for)$`), (*Snapshot).removeSemicolon},
	{pattern.Of(`^(?:no blank may stand before the parenthesis: |write )[a-z]+(?:\(\.\.\)|\( without a blank before the parenthesis)$`), (*Snapshot).joinParenthesis},
	{pattern.Of(`^to compare write ==$`), (*Snapshot).compare},
	{pattern.Of(`^the power is \^$`), (*Snapshot).power},
	{pattern.Of(`^write (load ".*";)$`), (*Snapshot).quoteLoad},
}

// fixOf is what mends a fault, false if nobody knows.
func (s *Snapshot) fixOf(d *diag.Diagnostic) (fix, bool) {
	if d.Span.Source != s.src || d.Hint == "" {
		return fix{}, false
	}
	for _, f := range fixers {
		if found := f.hint().FindStringSubmatch(d.Hint); found != nil {
			if x, ok := f.make(s, d, found); ok {
				return x, true
			}
		}
	}
	return fix{}, false
}

// wordUnder is the word that starts where a fault does.
func (s *Snapshot) wordUnder(d *diag.Diagnostic) (i int, ok bool) {
	i = s.wordsBefore(d.Span.Start)
	return i, i < len(s.words) && s.words[i].Span.Start == d.Span.Start
}

// respell writes another word in place of the one at fault.
func (s *Snapshot) respell(d *diag.Diagnostic, found []string) (fix, bool) {
	i, ok := s.wordUnder(d)
	if !ok || isComment(s.words[i]) {
		return fix{}, false
	}
	w := s.words[i].Span
	if callee, _ := s.callAround(d.Span.Start); s.words[i].Kind == syntax.OperatorWord && callee != nil && slices.Contains(rules.Callable, found[1]) {
		return fix{"write " + found[1], callee.Span, found[1]}, true
	}
	if w.Text() != d.Span.Text() && s.words[i].Kind != syntax.NameWord {
		return fix{}, false
	}
	if found[1] == ">=" || found[1] == "<=" {
		return s.respellPair(w, found[1])
	}
	return fix{"write " + found[1], w, found[1]}, true
}

// respellPair mends => and =<, of which either half may be the one at fault.
func (s *Snapshot) respellPair(at diag.Span, with string) (fix, bool) {
	for _, shift := range []int{0, -1} {
		pair := diag.Span{Source: at.Source, Start: at.Start + shift, End: at.Start + shift + 2}
		if pair.Start >= 0 && pair.End <= len(s.text) && (pair.Text() == "=>" || pair.Text() == "=<") {
			return fix{"write " + with, pair, with}, true
		}
	}
	return fix{}, false
}

func (s *Snapshot) respellDirective(d *diag.Diagnostic, found []string) (fix, bool) {
	meant := regexp.MustCompile(`(?i)^#+\s*rasp\s*:\s*[\w-]*`).FindString(d.Span.Text())
	if meant == "" {
		return fix{}, false
	}
	return fix{"write " + found[1], diag.Span{Source: s.src, Start: d.Span.Start, End: d.Span.Start + len(meant)}, found[1]}, true
}

// wrap calls a function on the expression at fault.
func (s *Snapshot) wrap(d *diag.Diagnostic, found []string) (fix, bool) {
	text := strings.TrimSpace(d.Span.Text())
	inner := text
	for strings.HasPrefix(inner, "(") && strings.HasSuffix(inner, ")") && inner != found[2] {
		inner = strings.TrimSpace(inner[1 : len(inner)-1])
	}
	if inner != found[2] {
		return s.wrapOperand(d, found)
	}
	return fix{"write " + d.Hint, d.Span, d.Hint}, true
}

// wrapOperand is wrap where an operation as a whole is at fault, and the expression one of
// its operands.
func (s *Snapshot) wrapOperand(d *diag.Diagnostic, found []string) (fix, bool) {
	at := strings.Index(d.Span.Text(), found[2])
	if at < 0 || strings.Count(d.Span.Text(), found[2]) > 1 {
		return fix{}, false
	}
	start := d.Span.Start + at
	return fix{"write " + d.Hint, diag.Span{Source: s.src, Start: start, End: start + len(found[2])}, d.Hint}, true
}

func (s *Snapshot) addSemicolon(d *diag.Diagnostic, _ []string) (fix, bool) {
	return fix{"add the semicolon", diag.Span{Source: s.src, Start: d.Span.Start, End: d.Span.Start}, ";"}, d.Span.Start == d.Span.End
}

func (s *Snapshot) removeSemicolon(d *diag.Diagnostic, _ []string) (fix, bool) {
	end := d.Span.Start
	for end < len(s.text) && s.text[end] == ';' {
		end++
	}
	return fix{"remove the semicolon", diag.Span{Source: s.src, Start: d.Span.Start, End: end}, ""}, end > d.Span.Start
}

// joinParenthesis removes the blanks between a name and its parenthesis.
func (s *Snapshot) joinParenthesis(d *diag.Diagnostic, _ []string) (fix, bool) {
	for i := s.wordsBefore(d.Span.End) - 1; i > 0; i-- {
		if s.words[i].Is("(") && s.words[i-1].Span.End < s.words[i].Span.Start && isFused(s.words[i-1].Text()) {
			return fix{"remove the blank", diag.Span{Source: s.src, Start: s.words[i-1].Span.End, End: s.words[i].Span.Start}, ""}, true
		}
	}
	if i, ok := s.wordUnder(d); ok && i+1 < len(s.words) && s.words[i+1].Is("(") && isFused(s.words[i].Text()) {
		return fix{"remove the blank", diag.Span{Source: s.src, Start: s.words[i].Span.End, End: s.words[i+1].Span.Start}, ""}, true
	}
	return fix{}, false
}

func isFused(name string) bool {
	return name == "select" || name == "aggregate" || name == "range" || name == "zip" || name == "len"
}

// compare writes == for =.
func (s *Snapshot) compare(d *diag.Diagnostic, _ []string) (fix, bool) {
	return fix{"write ==", d.Span, "=="}, d.Span.Text() == "=" && !strings.HasSuffix(s.text[:d.Span.Start], "=")
}

// spellOut writes a word for a sign, with blanks around it.
func (s *Snapshot) spellOut(d *diag.Diagnostic, found []string) (fix, bool) {
	text := found[1]
	if before := s.text[:d.Span.Start]; !strings.HasSuffix(before, " ") && text != "not" {
		text = " " + text
	}
	if after := s.text[d.Span.End:]; !strings.HasPrefix(after, " ") {
		text += " "
	}
	return fix{"write " + found[1], d.Span, text}, d.Span.End > d.Span.Start
}

// replace writes what the hint has in place of what is at fault.
func (s *Snapshot) replace(d *diag.Diagnostic, found []string) (fix, bool) {
	return fix{"write " + found[1], d.Span, found[1]}, d.Span.End > d.Span.Start
}

func (s *Snapshot) removeComma(d *diag.Diagnostic, _ []string) (fix, bool) {
	return fix{"remove the comma", d.Span, ""}, d.Span.Text() == ","
}

// power writes ^ for **.
func (s *Snapshot) power(d *diag.Diagnostic, _ []string) (fix, bool) {
	for _, start := range []int{d.Span.Start - 1, d.Span.Start} {
		if start >= 0 && strings.HasPrefix(s.text[start:], "**") {
			return fix{"write ^", diag.Span{Source: s.src, Start: start, End: start + 2}, "^"}, true
		}
	}
	return fix{}, false
}

// quoteLoad puts the name of a file into quotes.
func (s *Snapshot) quoteLoad(d *diag.Diagnostic, found []string) (fix, bool) {
	name := d.Span.Text()
	return fix{"write " + found[1], d.Span, `"` + name + `"`}, syntax.IsName(name)
}
