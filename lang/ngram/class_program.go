package ngram

import (
	"fmt"
	"io"
	"strings"

	"rasp/lang/diag"
)

// Program writes the model as a RASP program for inputs of up to length tokens: that of its
// classes, see Model.Program, and two dicts, class_of and within, which has ln p(w | class
// of w) of each token. The logit of a token is
//
//	within(w) + logit(class of w)
//
// and softmax of these is the model's, since the probabilities in a class sum to 1.
func (m *ClassModel) Program(to io.Writer, length int) error {
	return m.program(to, length, m)
}

// quotedWord begins the names of words that RASP has no literal for.
const quotedWord = "quoted_word"

func (m *ClassModel) list() string { return list(m.Tokens()) }

func (m *ClassModel) given(n int) string {
	switch n {
	case 0:
		return givenOf("class", 0)
	case 1:
		return "the class of the token before it"
	}
	return fmt.Sprintf("the classes of the %s before it", diag.Count(n, "token"))
}

func (m *ClassModel) meaning(grams string) string {
	classes := strings.NewReplacer("tokens", "classes", "token", "class").Replace(grams)
	return fmt.Sprintf("The n-grams are of %d classes of %d tokens: class_of has the class of each, within ln p(w|class of w), "+
		"and a token's logit is that and the logit of its class (Brown et al. 1992). Of classes: %s", len(m.Model.Tokens()), len(m.Tokens()), classes)
}

// before writes class_of and within.
func (m *ClassModel) before(w *tableWriter) string {
	m.words.bind(w, quotedWord, func(word int32) bool { return m.Model.inUse(m.class[word]) })
	classOf, within := m.dicts()
	for _, d := range []struct {
		name string
		of   []entry
	}{{"class_of", classOf}, {"within", within}} {
		w.column = 0
		w.text(d.name + " = ")
		w.dict(d.of, 0, len(";"))
		w.WriteString(";\n")
	}
	canonical(w, `classes = lookup(class_of, tokens, "");`)
	return "classes"
}

func (m *ClassModel) next(logit string) []string {
	return []string{
		fmt.Sprintf("logit = {w: %s for w in none};", logit),
		"next = {w: within[w] + logit[class_of[w]] for w in within};",
	}
}

// dicts list the words that are in use beside the names of their classes, and those that
// can come next beside the logarithms of their probabilities in these.
func (m *ClassModel) dicts() (classOf, within []entry) {
	can := map[int32]bool{}
	for _, class := range m.predicted() {
		can[class] = true
	}
	for id, class := range m.class {
		if !m.Model.inUse(class) {
			continue
		}
		key := m.words.key(quotedWord, int32(id))
		classOf = append(classOf, entry{key: key, number: m.key(class)})
		if can[class] {
			within = append(within, entry{key: key, number: decimal(m.within[id])})
		}
	}
	return classOf, within
}
