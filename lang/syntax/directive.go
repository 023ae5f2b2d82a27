package syntax

import (
	"errors"
	"strconv"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/spell"
	"rasp/runtime/form"
)

// Directives are comments, so that every RASP interpreter reads the file; a
// comment may follow them: #rasp:length 32 # the longest line.

const directivePrefix = "#rasp:"

// almost finds comments that were meant as directives: the colon, the word, and what follows
// it.
var almost = pattern.Of(`(?i)^#+\s*rasp\s*(:?)\s*([a-z]+)(.*)`)

// probability is a decimal number as RASP writes them.
var probability = pattern.Of(`^[0-9]+(\.[0-9]+)?$`)

var identifier = pattern.Of(`^[A-Za-z_][A-Za-z0-9_]*$`)

// directives map the words to what reads their argument; a nil result means
// that all is well.
var directives = map[string]func(d *Directives, text string, at diag.Span) *diag.Diagnostic{
	"vocab":      (*Directives).setVocab,
	"length":     (*Directives).setLength,
	"output":     (*Directives).setOutputs,
	"causal":     mark("causal", "remove the directive for bidirectional attention", func(d *Directives) { d.Causal = true }),
	"confidence": (*Directives).setConfidence,
	"inputs":     (*Directives).addForm,
	"partial":    mark("partial", "remove the directive where the program is to be right on every input", func(d *Directives) { d.Partial = true }),
	"logits":     mark("logits", "remove the directive where the output is a dict of weights", func(d *Directives) { d.Logits = true }),
}

// otherWords are those of other tools.
var otherWords = map[string]string{
	"alphabet": "vocab", "tokens": "vocab", "max_length": "length", "max_seq_len": "length", "seq_len": "length", "n_ctx": "length", "main": "output", "autoregressive": "causal",
}

// directives reads the directives among the comments. One that is faulty leaves
// its field empty.
func (p *parser) directives(d *Directives) {
	d.Where = map[string]diag.Span{}
	for _, comment := range p.comments {
		if fault := d.read(comment.Where); fault != nil {
			p.report(fault)
		}
	}
}

func (d *Directives) read(comment diag.Span) *diag.Diagnostic {
	text, ok := strings.CutPrefix(comment.Text(), directivePrefix)
	if !ok {
		return misspelt(comment)
	}
	word := text[:prefix(text, func(c byte) bool { return c != ' ' && c != '\t' && c != '#' })]
	set, known := directives[word]
	if !known {
		return unknownDirective(comment, word)
	}
	first, given := d.Where[word]
	if given && word != "inputs" {
		d := diag.Errorf(comment, diag.Domain, "#rasp:%s is given twice", word)
		if word == "output" {
			return d.WithHint("name all on line %d, with commas between them", first.Line())
		}
		return d.WithHint("the first stands on line %d", first.Line())
	}
	if !given {
		d.Where[word] = comment
	}
	argument := strings.TrimRight(beforeComment(text[len(word):], word == "inputs"), " \t")
	start := comment.Start + len(directivePrefix) + len(word)
	blank := len(argument) - len(strings.TrimLeft(argument, " \t"))
	at := diag.Span{Source: comment.Source, Start: start + blank, End: start + len(argument)}
	return set(d, argument[blank:], at)
}

// misspelt finds a comment that is nearly a directive: a fault if it would be one; if what
// follows the word is nothing that the directive takes a warning, or nothing without a colon.
func misspelt(comment diag.Span) *diag.Diagnostic {
	found := almost().FindStringSubmatch(comment.Text())
	if found == nil {
		return nil
	}
	word := strings.ToLower(found[2])
	set, known := directives[word]
	if !known {
		return nil
	}
	d := diag.Errorf(comment, diag.Domain, "this is a plain comment, not a directive").
		WithHint("write %s%s without blanks and in small letters", directivePrefix, word)
	argument := strings.Trim(beforeComment(found[3], word == "inputs"), " \t")
	switch fault := set(&Directives{}, argument, comment); {
	case fault != nil && found[1] == "":
		return nil
	case fault != nil:
		d.Severity = diag.Warning
	}
	return d
}

func unknownDirective(comment diag.Span, word string) *diag.Diagnostic {
	d := diag.Errorf(comment, diag.Domain, "unknown directive %s%s", directivePrefix, shorten(word))
	if name, argument, cut := strings.Cut(word, "="); cut && directives[name] != nil {
		return d.WithHint("write %s%s %s", directivePrefix, name, shorten(argument))
	}
	word = strings.ToLower(word)
	if word == "bos" {
		return d.WithHint("BOS is there already and no position of the input: leave it out")
	}
	if meant := otherWords[word]; meant != "" {
		return d.WithHint("did you mean %s%s?", directivePrefix, meant)
	}
	for known := range directives {
		if resembles(word, known) {
			return d.WithHint("did you mean %s%s?", directivePrefix, known)
		}
	}
	return d.WithHint("the directives are #rasp:vocab, #rasp:length, #rasp:output, #rasp:causal, #rasp:inputs, #rasp:partial, #rasp:confidence and #rasp:logits")
}

// beforeComment is text up to a # outside quotes, in which JSON has escapes.
func beforeComment(text string, escapes bool) string {
	escapes = escapes || strings.HasPrefix(strings.TrimLeft(text, " \t"), "[")
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted && escapes:
			i++
		case text[i] == '#' && !quoted:
			return text[:i]
		}
	}
	return text
}

func (d *Directives) setVocab(text string, at diag.Span) *diag.Diagnostic {
	tokens, err := ParseVocab(text)
	if err != nil {
		return diag.Errorf(at, diag.Domain, "%s", err).
			WithHint(`write "abc" (one token a character), ["the", "cat"] or 0..9`)
	}
	d.Vocab = tokens
	return nil
}

func (d *Directives) setLength(text string, at diag.Span) *diag.Diagnostic {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || text != strconv.Itoa(n) {
		return diag.Errorf(at, diag.Domain, "expected the longest length of an input, an int from 1, found %s", orNothing(text)).
			WithHint("write #rasp:length 32")
	}
	d.Length = n
	return nil
}

func (d *Directives) setOutputs(text string, at diag.Span) *diag.Diagnostic {
	var names []string
	seen := map[string]bool{}
	for _, part := range strings.Split(text, ",") {
		name := strings.Trim(part, " \t")
		if !identifier().MatchString(name) {
			return diag.Errorf(at, diag.Domain, "expected names of s-ops, found %s", orNothing(name)).
				WithHint("write #rasp:output a, b")
		}
		if seen[name] {
			return diag.Errorf(at, diag.Domain, "the output %s is named twice", name)
		}
		seen[name] = true
		names = append(names, name)
	}
	d.Outputs = names
	return nil
}

// mark is a directive that takes nothing; hint says what is without it.
func mark(word, hint string, set func(d *Directives)) func(*Directives, string, diag.Span) *diag.Diagnostic {
	return func(d *Directives, text string, at diag.Span) *diag.Diagnostic {
		if text != "" {
			return diag.Errorf(at, diag.Domain, "%s%s takes nothing, found %s", directivePrefix, word, orNothing(text)).WithHint("%s", hint)
		}
		set(d)
		return nil
	}
}

func (d *Directives) setConfidence(text string, at diag.Span) *diag.Diagnostic {
	p, err := strconv.ParseFloat(text, 64)
	if err != nil || p <= 0 || p > 1 || !probability().MatchString(text) {
		return diag.Errorf(at, diag.Domain, "expected the probability of the predicted token, above 0 and at most 1, found %s", orNothing(text)).
			WithHint("write #rasp:confidence 0.9")
	}
	d.Confidence = p
	return nil
}

// addForm keeps an expression whose tokens a vocabulary has to have, which may be another
// than that of the program.
func (d *Directives) addForm(text string, at diag.Span) *diag.Diagnostic {
	if err := form.Check(text); err != nil {
		return FormFault(err, at)
	}
	d.Inputs = append(d.Inputs, Form{text, at})
	return nil
}

// FormFault is a fault of an expression that stands at a place.
func FormFault(err error, at diag.Span) *diag.Diagnostic {
	var fault *form.Error
	if !errors.As(err, &fault) {
		return diag.Errorf(at, diag.Domain, "%s", err)
	}
	if fault.End > fault.Start {
		at = diag.Span{Source: at.Source, Start: at.Start + fault.Start, End: at.Start + fault.End}
	}
	d := diag.Errorf(at, diag.Domain, "%s", fault.Message)
	if fault.Hint != "" {
		return d.WithHint("%s", fault.Hint)
	}
	return d
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return shorten(text)
}

// resembles tells a slip of the pen and a longer or shorter form of the word.
func resembles(word, known string) bool {
	return spell.Distance(word, known) <= 2 ||
		len(word) >= 3 && (strings.HasPrefix(word, known) || strings.HasPrefix(known, word))
}
