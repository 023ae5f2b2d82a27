package ngram

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"rasp/lang/diag"
	"rasp/runtime/text"
)

// Classes say in which class words are, each in one at most.
type Classes struct {
	words []string // in the order of the file
	of    map[string]member
	// given says that the file has the probabilities of the words in their classes: else
	// they are counted.
	given bool
}

// member is what is said of a word.
type member struct {
	class       string
	probability float64 // in the class; NaN if it is not given
	at          diag.Span
}

// classLine is a line of a file of classes: its fields, and where it stands.
type classLine struct {
	fields []string
	at     diag.Span
}

// The lines that a file of classes may have; those of one file are all of one kind.
const (
	wordClass = "word class"
	srilm     = "class probability word" // SRILM's classes-format, of a single word
	brown     = "bits word count"        // the paths of Percy Liang's brown-cluster
)

// ReadClasses reads which words are in which class, from the text of the file of a name:
//
//	word class
//	class probability word
//	bits word count
//
// between blanks. Lines of three fields are of the second kind if the second field of each
// is a number from 0 to 1, of the third if the first of each is made of 0 and 1 and the last
// is a count. Faults have their place in the file.
func ReadClasses(name, content string, split text.Split) (*Classes, error) {
	lines := classLines(diag.NewSource(name, content))
	if len(lines) == 0 {
		return nil, fmt.Errorf("%s has no line %q", name, wordClass)
	}
	kind, err := kindOf(lines)
	if err != nil {
		return nil, err
	}
	c := &Classes{of: make(map[string]member, len(lines)), given: kind == srilm}
	for _, l := range lines {
		word, m := l.member(kind)
		if split == text.Chars && word == spaceName {
			word = " "
		}
		if err := c.add(word, m); err != nil {
			return nil, err
		}
	}
	if c.given {
		return c, c.normalise()
	}
	return c, nil
}

// classLines are the lines that are not empty.
func classLines(source *diag.Source) (lines []classLine) {
	for start := 0; start < len(source.Text); {
		line, _, _ := strings.Cut(source.Text[start:], "\n")
		if fields := asciiFields(line); len(fields) > 0 {
			end := start + len(strings.TrimRight(line, " \t\r\v\f"))
			lines = append(lines, classLine{fields, diag.Span{Source: source, Start: start, End: end}})
		}
		start += len(line) + 1
	}
	return lines
}

// kindOf the lines, the only one that all of them can be.
func kindOf(lines []classLine) (string, error) {
	isSRILM, isBrown := true, true
	for _, l := range lines {
		if len(l.fields) != len(lines[0].fields) {
			return "", diag.Errorf(l.at, diag.Syntax, "%s, and the line before has %d: all lines are of one kind", diag.Count(len(l.fields), "field"), len(lines[0].fields)).
				WithHint("a line for each word: %s", wordClass)
		}
		if len(l.fields) == 2 {
			continue
		}
		isSRILM = isSRILM && len(l.fields) == 3 && l.isSRILM()
		isBrown = isBrown && len(l.fields) == 3 && l.isBrown()
		if !isSRILM && !isBrown {
			d := diag.Errorf(l.at, diag.Syntax, "expected %q, %q or %q", wordClass, srilm, brown)
			if len(l.fields) > 3 && l.isSRILM() {
				d = d.WithHint("a class that is spelled by several words has no probability of a next word")
			}
			return "", d
		}
	}
	switch {
	case len(lines[0].fields) == 2:
		return wordClass, nil
	case isSRILM && isBrown:
		return "", diag.Errorf(lines[0].at, diag.Syntax, "each line can be read as %q and as %q", srilm, brown).
			WithHint("write: %s", wordClass)
	case isSRILM:
		return srilm, nil
	}
	return brown, nil
}

func (l classLine) isSRILM() bool {
	p, err := strconv.ParseFloat(l.fields[1], 64)
	return err == nil && p >= 0 && p <= 1
}

func (l classLine) isBrown() bool {
	n, err := strconv.ParseInt(l.fields[2], 10, 64)
	return err == nil && n > 0 && strings.Trim(l.fields[0], "01") == ""
}

func (l classLine) member(kind string) (word string, m member) {
	m = member{probability: math.NaN(), at: l.at}
	switch kind {
	case srilm:
		m.class, word = l.fields[0], l.fields[2]
		m.probability, _ = strconv.ParseFloat(l.fields[1], 64) // isSRILM has read it
	case brown:
		m.class, word = "bits "+l.fields[0], l.fields[1] // which is no word, as "10" may be
	default:
		word, m.class = l.fields[0], l.fields[1]
	}
	return word, m
}

// isSpecial tells the names of the tokens that are classes of their own.
func isSpecial(name string) bool {
	return name == text.BeginName || name == text.EndName || name == text.UnknownName
}

// add puts a word into a class.
func (c *Classes) add(word string, m member) error {
	switch before, is := c.of[word]; {
	case isSpecial(word) || isSpecial(m.class):
		return diag.Errorf(m.at, diag.Value, "%s, %s and %s are classes of their own", text.BeginName, text.EndName, text.UnknownName).
			WithHint("leave the line out")
	case !utf8.ValidString(word+m.class) || strings.IndexByte(word+m.class, 0) >= 0:
		return diag.Errorf(m.at, diag.Syntax, "the line is not UTF-8, or has a NUL byte")
	case is:
		d := diag.Errorf(m.at, diag.Value, "line %d has put the word %s into the class %s", before.at.Line(), brief(word), brief(before.class))
		if len(asciiFields(m.at.Text())) == 2 {
			return d.WithHint("each word is in one class; the word comes first: %s", wordClass)
		}
		return d.WithHint("each word is in one class")
	case m.probability == 0:
		return diag.Errorf(m.at, diag.Value, "the word %s has no probability in its class", brief(word)).WithHint("leave the line out")
	}
	c.words = append(c.words, word)
	c.of[word] = m
	return nil
}

// normalise has the probabilities of each class sum to 1. They do nearly, as a file has few
// digits; else the error names the class.
func (c *Classes) normalise() error {
	const tolerance = 1e-3
	sums := map[string]float64{}
	for _, word := range c.words {
		sums[c.of[word].class] += c.of[word].probability
	}
	for _, word := range c.words {
		m := c.of[word]
		sum := sums[m.class]
		if math.Abs(sum-1) > tolerance {
			return diag.Errorf(m.at, diag.Value, "the probabilities of the words of class %s sum to %.6g, not to 1", brief(m.class), sum)
		}
		m.probability /= sum
		c.of[word] = m
	}
	return nil
}

// Write writes a line "word class" for each word, as ReadClasses takes it. The error names a
// word that no line can have.
func (c *Classes) Write(to io.Writer) error {
	w := bufio.NewWriter(to)
	names, err := fields(c.words, func(int32) bool { return true })
	if err != nil {
		return err
	}
	for i, word := range c.words {
		fmt.Fprintf(w, "%s\t%s\n", names[i], c.of[word].class)
	}
	return w.Flush()
}

// ofWords finds the classes of a vocabulary: the names of the classes of its words in the order of these, a class for
// each word that is in none, and the class of each token. The error is that of a class and
// such a word that have one name.
func (c *Classes) ofWords(v *vocabulary) (classes *vocabulary, of []int32, err error) {
	classes = newVocabulary(nil)
	own := map[string]bool{}
	for id, word := range v.names {
		name := word
		if m, is := c.of[word]; is {
			name = m.class
		} else {
			own[word] = true
		}
		of = append(of, classes.put(name))
		if id < int(firstWord) {
			own[word] = false
		}
	}
	for _, word := range c.words {
		if m := c.of[word]; own[m.class] {
			return nil, nil, diag.Errorf(m.at, diag.Value, "the class %s has the name of a word of the text that is in no class", brief(m.class)).
				WithHint("give the class another name, or the word a class")
		}
	}
	return classes, of, nil
}

// put is the id of a name that may be new.
func (v *vocabulary) put(name string) int32 {
	id, is := v.ids[name]
	if !is {
		id = int32(len(v.names))
		v.ids[name], v.names = id, append(v.names, name)
	}
	return id
}
