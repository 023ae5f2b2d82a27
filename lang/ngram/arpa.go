package ngram

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/runtime/text"
)

const (
	// noProbability stands for a log10 of -inf, as SRILM writes it.
	noProbability = -99
	// farthest is no logarithm of a probability or weight any more.
	farthest = 9999
)

// ReadARPA reads a language model as KenLM, SRILM and IRSTLM write it:
//
//	\data\
//	ngram 1=3
//	ngram 2=2
//
//	\1-grams:
//	-0.5	the	-0.3      log10 p(the), log10 bow(the)
//	...
//	\end\
//
// Fields stand between blanks or tabs. A weight may be missing and is 0 then. The
// probability of "<s>", whatever it is, is not used. "<unk>", "<s>" and "</s>"
// may be in capitals. In a file of characters <space> is the blank. Errors name the line and what was expected there. name goes
// into the header of the program.
func ReadARPA(r io.Reader, name string) (*Model, error) {
	a := &arpa{in: bufio.NewReaderSize(r, longestToken), vocab: newVocabulary(nil)}
	if err := a.read(); err != nil {
		if err == io.EOF {
			err = a.errorf(`the file ends before \end\`)
		}
		return nil, err
	}
	a.vocab.blank()
	m := &Model{vocab: a.vocab, trie: a.trie, logP: a.logP, backoff: a.backoff}
	m.Source = "Read from " + name + "."
	m.Smoothing = "that of the file"
	for n := range m.logP {
		for id, p := range m.logP[n] {
			if math.IsInf(p, -1) {
				m.logP[n][id] = math.NaN()
			}
		}
	}
	if len(m.predicted()) == 0 {
		return nil, errors.New("no token has a probability")
	}
	return m, nil
}

// arpa is where reading stands. Probabilities that are not used, because "<s>"
// is never predicted, are -Inf until the end.
type arpa struct {
	in     *bufio.Reader
	line   int
	counts []int // that the header promises, by order from 1

	vocab         *vocabulary
	trie          *trie
	logP, backoff [][]float64
}

func (a *arpa) read() error {
	if err := a.header(); err != nil {
		return err
	}
	for n, promised := range a.counts {
		if err := a.section(n+1, promised); err != nil {
			return err
		}
	}
	return nil
}

// next is the next line that is not blank, without the blanks around it.
func (a *arpa) next() (string, error) {
	for {
		text, err := a.in.ReadSlice('\n')
		if err != nil && (err != io.EOF || len(text) == 0) {
			if err == bufio.ErrBufferFull {
				a.line++
				err = a.errorf("a line of more than %d bytes", longestToken)
			}
			return "", err
		}
		a.line++
		text = bytes.Trim(text, " \t\r\n")
		if a.line == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if len(text) > 0 {
			return string(text), nil
		}
	}
}

var promise = pattern.Of(`(?i)^ngram[ \t]+([0-9]+)[ \t]*=[ \t]*([0-9]+)$`)

// others are how files of language models begin that are no ARPA files, and what
// they are.
var others = []struct{ start, what string }{
	{"iARPA", "an iARPA file of IRSTLM, whose probabilities are not those of an ARPA file: compile-lm --text=yes writes one"},
	{"mmap lm ", "a binary file of KenLM: the ARPA file that it was built of can be read"},
	{"blmt", "a binary file of IRSTLM: compile-lm --text=yes writes an ARPA file of it"},
	{"Qblmt", "a quantized binary file of IRSTLM: compile-lm --text=yes writes an ARPA file of it"},
}

// isOther says what the file is, if it is one of the others.
func (a *arpa) isOther() error {
	for _, o := range others {
		if start, _ := a.in.Peek(len(o.start)); string(start) == o.start {
			return errors.New("this is " + o.what)
		}
	}
	return nil
}

// header reads up to the head of the first section.
func (a *arpa) header() error {
	if err := a.isOther(); err != nil {
		return err
	}
	for {
		text, err := a.next()
		switch {
		case err == io.EOF:
			return errors.New(`no line \data\: this is no ARPA file`)
		case err != nil:
			return err
		}
		if strings.EqualFold(text, `\data\`) {
			break
		}
	}
	for {
		text, err := a.next()
		if err != nil {
			return err
		}
		found := promise().FindStringSubmatch(text)
		if found == nil {
			return a.begin(text)
		}
		n, err1 := strconv.Atoi(found[1])
		size, err2 := strconv.Atoi(found[2])
		switch {
		case err1 != nil || n != len(a.counts)+1:
			return a.errorf("expected the number of %d-grams, found %s", len(a.counts)+1, brief(text))
		case n > MaxOrder:
			return a.errorf("%d-grams; the order is 1 to %d", n, MaxOrder)
		case err2 != nil || size > mostGrams:
			return a.errorf("more than %d n-grams", mostGrams)
		}
		a.counts = append(a.counts, size)
	}
}

// begin makes room, at the head of the first section.
func (a *arpa) begin(text string) error {
	if len(a.counts) == 0 {
		return a.errorf(`expected "ngram 1=" and the number of 1-grams, found %s`, brief(text))
	}
	if !isHead(text, 1) {
		return a.errorf(`expected \1-grams: or "ngram %d=" and a number, found %s`, len(a.counts)+1, brief(text))
	}
	a.trie = newTrie(len(a.counts), mostGrams)
	a.logP, a.backoff = make([][]float64, len(a.counts)+1), make([][]float64, len(a.counts)+1)
	a.grow()
	return nil
}

func isHead(text string, n int) bool {
	return strings.EqualFold(text, fmt.Sprintf(`\%d-grams:`, n))
}

// grow makes room for n-grams that are new in the trie.
func (a *arpa) grow() {
	for n := range a.trie.levels {
		for len(a.logP[n]) < a.trie.levels[n].size() {
			a.logP[n] = append(a.logP[n], math.NaN())
			a.backoff[n] = append(a.backoff[n], 0)
		}
	}
}

// section reads the n-grams of an order and the head of the next, or the end.
func (a *arpa) section(n, promised int) error {
	for found := 0; ; found++ {
		text, err := a.next()
		if err != nil {
			return err
		}
		if text[0] != '\\' {
			if found == promised {
				return a.errorf("more than the %d %d-grams that the header promises", promised, n)
			}
			if err := a.entry(n, text); err != nil {
				return err
			}
			continue
		}
		last := n == len(a.counts)
		switch {
		case found < promised:
			return a.errorf("the header promises %d %d-grams, found %d", promised, n, found)
		case last && !strings.EqualFold(text, `\end\`):
			return a.errorf(`expected \end\, found %s`, brief(text))
		case !last && !isHead(text, n+1):
			return a.errorf(`expected \%d-grams:, found %s`, n+1, brief(text))
		}
		return nil
	}
}

// entry reads "log10 probability, n words, log10 weight".
func (a *arpa) entry(n int, text string) error {
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' })
	if len(fields) != n+1 && len(fields) != n+2 {
		return a.errorf("expected a log10 probability, %s and perhaps a log10 weight, found %d fields: %s", diag.Count(n, "word"), len(fields), brief(text))
	}
	p, err := a.logarithm("log10 probability", fields[0])
	if err != nil {
		return err
	}
	tokens, err := a.tokens(fields[1 : n+1])
	if err != nil {
		return err
	}
	unused := tokens[n-1] == beginID
	if p > 0 && !unused {
		return a.errorf("a log10 probability is at most 0, found %s", brief(fields[0]))
	}
	weight := 0.0
	if len(fields) == n+2 {
		if weight, err = a.logarithm("log10 weight", fields[n+1]); err != nil {
			return err
		}
	}
	id, err := a.trie.path(tokens)
	if err != nil {
		return a.errorf("%w", err)
	}
	a.grow()
	if !math.IsNaN(a.logP[n][id]) {
		return a.errorf("the %d-gram %s stands there twice", n, brief(strings.Join(fields[1:n+1], " ")))
	}
	a.logP[n][id], a.backoff[n][id] = p*math.Ln10, weight*math.Ln10
	if unused {
		a.logP[n][id] = math.Inf(-1)
	}
	return nil
}

// logarithm reads a number.
func (a *arpa) logarithm(what, text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case math.IsInf(x, -1):
		return noProbability, nil
	case err != nil || !(math.Abs(x) <= farthest):
		return 0, a.errorf("expected a %s, found %s", what, brief(text))
	}
	return x, nil
}

// tokens gives words their ids. 1-grams make new ones.
func (a *arpa) tokens(words []string) ([]int32, error) {
	ids := make([]int32, len(words))
	for i, word := range words {
		switch lower := strings.ToLower(word); lower {
		case text.BeginName, text.EndName, text.UnknownName:
			word = lower
		}
		id, known := a.vocab.ids[word]
		switch {
		case len(words) > 1 && (!known || a.trie.levels[1].find(0, id) < 0):
			return nil, a.errorf("the word %s is not among the 1-grams", brief(word))
		case !utf8.ValidString(word):
			return nil, a.errorf("the word %s is not UTF-8", brief(word))
		case strings.IndexByte(word, 0) >= 0:
			return nil, a.errorf("the word %s has a NUL byte", brief(word))
		case !known:
			id = int32(len(a.vocab.names))
			a.vocab.names = append(a.vocab.names, word)
			a.vocab.ids[word] = id
		}
		ids[i] = id
	}
	return ids, nil
}

func (a *arpa) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{a.line}, args...)...)
}

// brief quotes the start of a text.
func brief(text string) string {
	const longest = 40
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest]) + "..."
	}
	return strconv.Quote(text)
}
