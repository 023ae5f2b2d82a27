package ngram

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// width of a line of the program, in characters: that of rasp fmt.
const width = 100

// entry of a dict: a number, or a dict again, which is made when it is written.
type entry struct {
	key    string
	number string  // or a name
	table  *table  // of the dict; nil: number
	gram   int32   // of which the dict is
	depth  int     // tokens of that n-gram
	made   []entry // the dict, until it is written
}

func (e *entry) entries() []entry {
	if e.made == nil {
		e.made = e.table.dict(e.depth, e.gram)
	}
	return e.made
}

// tableWriter writes dicts in canonical layout: on one line if they fit, else
// numbers fill lines and dicts have a line each.
type tableWriter struct {
	*bufio.Writer
	column int
	line   []byte // for a dict on one line
}

func newTableWriter(to io.Writer) *tableWriter {
	return &tableWriter{Writer: bufio.NewWriterSize(to, 1<<16)}
}

func (w *tableWriter) text(s string) {
	w.WriteString(s)
	w.column += utf8.RuneCountInString(s)
}

func (w *tableWriter) newline(indent int) {
	w.WriteByte('\n')
	w.WriteString(strings.Repeat(" ", indent))
	w.column = indent
}

// dict writes a dict; after is the width of what follows it on its last line.
func (w *tableWriter) dict(d []entry, indent, after int) {
	if w.flat(d, width-w.column-after) {
		return
	}
	w.text("{")
	rows := slices.ContainsFunc(d, func(e entry) bool { return e.table != nil })
	for i := range d {
		e, comma := &d[i], ","
		if i == len(d)-1 {
			comma = ""
		}
		switch {
		case i == 0 || rows:
			w.newline(indent + 4)
		case w.column+1+utf8.RuneCountInString(e.key)+len(": ")+utf8.RuneCountInString(e.number)+len(comma) <= width:
			w.text(" ")
		default:
			w.newline(indent + 4)
		}
		w.text(e.key)
		w.text(": ")
		if e.table == nil {
			w.text(e.number)
			w.text(comma)
			continue
		}
		w.dict(e.entries(), indent+4, len(comma))
		w.text(comma)
		e.made = nil
	}
	w.newline(indent)
	w.text("}")
}

// flat writes a dict on one line, if it takes at most room characters.
func (w *tableWriter) flat(d []entry, room int) bool {
	var fits bool
	if w.line, fits = appendFlat(w.line[:0], d, room); !fits {
		return false
	}
	characters := utf8.RuneCount(w.line)
	if characters > room {
		return false
	}
	w.Write(w.line)
	w.column += characters
	return true
}

// appendFlat gives up where the line has too many bytes for so many characters.
func appendFlat(line []byte, d []entry, room int) (_ []byte, fits bool) {
	line = append(line, '{')
	for i := range d {
		e := &d[i]
		if i > 0 {
			line = append(line, ", "...)
		}
		line = append(append(append(line, e.key...), ": "...), e.number...)
		if e.table != nil {
			if line, fits = appendFlat(line, e.entries(), room); !fits {
				return line, false
			}
		}
		if len(line) > room*utf8.UTFMax {
			return line, false
		}
	}
	return append(line, '}'), true
}

// decimal writes a number with seven digits behind the point, those at the end
// that are 0 left out: half a unit of the last is 5e-8, so that sums of MaxOrder
// numbers are good to 8e-7, and so is the probability, relatively.
func decimal(x float64) string {
	n, ok := rounded(x)
	switch {
	case !ok:
		text := strings.TrimRight(strconv.FormatFloat(x, 'f', 7, 64), "0")
		if strings.HasSuffix(text, ".") {
			text += "0"
		}
		return text
	case n == 0:
		return "0.0"
	}
	var digits [32]byte
	b := digits[:0]
	if x < 0 {
		b = append(b, '-')
	}
	if b = appendFixed(b, n, 7); n%10_000_000 == 0 {
		b = append(b, ".0"...)
	}
	return string(b)
}

// table has what contexts of n tokens add to the logit of a token, see Program:
// dicts nested n deep, the oldest token outermost, in the order of the vocabulary.
type table struct {
	*logits
	n        int
	leads    [][]bool   // see leading
	children []children // by tokens of the n-grams
	keys     []string   // by token
	free     []entry    // for the next dicts
}

// table is nil if its contexts add nothing.
func (m *logits) table(n int) *table {
	t := &table{logits: m, n: n, leads: m.leading(n), children: make([]children, n+2), keys: make([]string, len(m.vocab.names))}
	if !t.leads[0][0] {
		return nil
	}
	for k := 1; k <= n+1; k++ {
		t.children[k] = m.trie.children(k)
	}
	for token := range t.keys {
		t.keys[token] = m.key(int32(token))
	}
	return t
}

// entries has room for so many entries.
func (t *table) entries(n int) []entry {
	const chunk = 1 << 10
	if n > len(t.free) {
		t.free = make([]entry, max(n, chunk))
	}
	d := t.free[:0:n]
	t.free = t.free[n:]
	return d
}

// dict is that of an n-gram of k tokens.
func (t *table) dict(k int, id int32) []entry {
	if k == t.n && t.full[t.n][id] {
		tokens := t.predicted()
		d := t.entries(len(tokens))
		for _, token := range tokens {
			d = append(d, entry{key: t.keys[token], number: decimal(t.added(t.n, id, token))})
		}
		return d
	}
	grams, level := t.children[k+1].of(id), &t.trie.levels[k+1]
	d := t.entries(len(grams))
	for _, gram := range grams {
		key := t.keys[level.token[gram]]
		switch {
		case t.longest && t.n == 1 && k == 0 && !t.leads[1][gram]:
			d = append(d, entry{key: key, number: "none"}) // no context: what is likely anywhere
		case k < t.n && t.leads[k+1][gram]:
			d = append(d, entry{key: key, table: t, depth: k + 1, gram: gram})
		case k == t.n && !math.IsNaN(t.logP[t.n+1][gram]):
			d = append(d, entry{key: key, number: decimal(t.addedBy(t.n, gram, id))})
		}
	}
	return d
}

// leading tells which n-grams of up to n tokens begin one of n+1 that has a
// probability, by level.
func (m *Model) leading(n int) [][]bool {
	lead := make([][]bool, n+1)
	for k := n; k >= 0; k-- {
		lead[k] = make([]bool, m.trie.levels[k].size())
		for id, context := range m.trie.levels[k+1].context {
			if k == n && !math.IsNaN(m.logP[n+1][id]) || k < n && lead[k+1][id] {
				lead[k][context] = true
			}
		}
	}
	return lead
}

// children are the n-grams of a level, those of a context side by side.
type children struct {
	grams []int32
	start []int32 // of those of each context
}

func (c children) of(context int32) []int32 { return c.grams[c.start[context]:c.start[context+1]] }

func (t *trie) children(n int) children {
	l := &t.levels[n]
	all := make([]int32, l.size())
	for id := range all {
		all[id] = int32(id)
	}
	if l.start != nil {
		start := slices.Clip(l.start)
		for len(start) <= t.levels[n-1].size() { // of contexts that are newer
			start = append(start, int32(l.size()))
		}
		return children{all, start}
	}
	byToken, _ := sorted(all, l.token, int(slices.Max(l.token))+1)
	grams, start := sorted(byToken, l.context, t.levels[n-1].size())
	return children{grams, start}
}

// sorted has n-grams by a key below n, those of one key as they stood, and where those of
// each key begin (counting sort).
func sorted(grams, key []int32, n int) (by, start []int32) {
	by, start = make([]int32, len(grams)), make([]int32, n+2)
	for _, k := range key {
		start[k+2]++
	}
	for k := range n {
		start[k+1] += start[k]
	}
	for _, gram := range grams {
		at := &start[key[gram]+1]
		by[*at] = gram
		*at++
	}
	return by, start[:n+1]
}
