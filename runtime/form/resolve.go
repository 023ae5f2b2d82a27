package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// resolver finds the tokens that an expression names.
type resolver struct {
	tokens   []string
	byText   map[string][]int // tokens by how they print
	leaves   []leaf
	byKey    map[string]int
	mentions int
	algebra
}

// leaf is a set of tokens: those listed, ascending, or all others.
type leaf struct {
	tokens  []int
	negated bool
}

func newResolver(tokens []string) *resolver {
	r := &resolver{tokens: tokens, byText: map[string][]int{}, byKey: map[string]int{}, algebra: newAlgebra()}
	for id, t := range tokens {
		r.byText[t] = append(r.byText[t], id)
	}
	return r
}

// resolve makes a term of a tree. The error is an *Error.
func (r *resolver) resolve(t *tree) (x *term, err error) {
	defer caught(&err)
	return r.term(t), nil
}

func (r *resolver) term(t *tree) *term {
	switch t.op {
	case opWord:
		return r.concat(r.word(t))
	case opText:
		return r.leaf(r.named(t.text, t), false)
	case opAny:
		return r.leaf(nil, true)
	case opSet:
		return r.leaf(r.set(t), t.negated)
	case opNot:
		return r.not(r.term(t.args[0]))
	case opRepeat:
		return r.repetition(t)
	case opOne:
		return r.one(t)
	}
	parts := make([]*term, len(t.args))
	for i, arg := range t.args {
		parts[i] = r.term(arg)
	}
	switch t.op {
	case opEither:
		return r.either(parts...)
	case opBoth:
		return r.both(parts...)
	}
	return r.concat(parts)
}

// repetition of a word that is no token is one of its last character.
func (r *resolver) repetition(t *tree) *term {
	if t.args[0].op != opWord {
		return r.repeat(r.term(t.args[0]), t.least, t.most)
	}
	parts := r.word(t.args[0])
	last := len(parts) - 1
	parts[last] = r.repeat(parts[last], t.least, t.most)
	return r.concat(parts)
}

// one is any word in which just one token is of a set, or one at most.
func (r *resolver) one(t *tree) *term {
	tokens, negated := r.tokensOf(t.args[0])
	here, others := r.leaf(tokens, negated), r.repeat(r.leaf(tokens, !negated), 0, -1)
	return r.concat([]*term{others, r.repeat(here, t.least, 1), others})
}

// tokensOf a set, a text or a word that is one token.
func (r *resolver) tokensOf(t *tree) (tokens []int, negated bool) {
	switch t.op {
	case opSet:
		return r.set(t), t.negated
	case opWord, opText:
		return r.named(t.text, t), false
	}
	panic(errorf(t.start, t.end, "", "expected a token or a set of tokens"))
}

// word is one token, or one a character.
func (r *resolver) word(t *tree) (parts []*term) {
	if ids := r.byText[t.text]; ids != nil {
		return []*term{r.leaf(ids, false)}
	}
	for i, c := range t.text {
		ids := r.byText[string(c)]
		if ids == nil {
			r.unknown(t, t.text, string(c), t.start+i)
		}
		parts = append(parts, r.leaf(ids, false))
	}
	return parts
}

// named lists the tokens that print so.
func (r *resolver) named(text string, t *tree) []int {
	ids := r.byText[text]
	if ids == nil {
		r.unknown(t, text, "", t.start)
	}
	return ids
}

func (r *resolver) unknown(t *tree, text, character string, at int) {
	if character != "" && utf8.RuneCountInString(text) > 1 {
		panic(errorf(at, at+len(character), "a token of several characters stands between blanks or in quotes", "neither %q nor %q is a token of the vocabulary", text, character))
	}
	panic(errorf(t.start, t.end, r.some(), "%q is not a token of the vocabulary", text))
}

// some names tokens for a hint.
func (r *resolver) some() string {
	const most = 20
	list := "the vocabulary is"
	for _, t := range r.tokens[:min(most, len(r.tokens))] {
		list += " " + strconv.Quote(t)
	}
	if len(r.tokens) > most {
		list += " ..."
	}
	return list
}

var intRange = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?[0-9]+)\.\.(-?[0-9]+)$`) })

// set lists its tokens, ascending: those of its texts and words, the characters of a word
// that is no token, and ranges, of characters (a-z) or of ints (0..9).
func (r *resolver) set(t *tree) []int {
	var ids []int
	for _, arg := range t.args {
		if arg.op == opText || r.byText[arg.text] != nil {
			ids = append(ids, r.named(arg.text, arg)...)
			continue
		}
		if ends := intRange().FindStringSubmatch(arg.text); ends != nil {
			ids = append(ids, r.ints(ends[1], ends[2], arg)...)
			continue
		}
		ids = append(ids, r.characters(arg)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// ints lists the tokens that print as ints from low to high.
func (r *resolver) ints(low, high string, t *tree) []int {
	from, err1 := strconv.ParseInt(low, 10, 64)
	to, err2 := strconv.ParseInt(high, 10, 64)
	var ids []int
	for id, text := range r.tokens {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && from <= n && n <= to {
			ids = append(ids, id)
		}
	}
	if err1 != nil || err2 != nil || ids == nil {
		panic(errorf(t.start, t.end, r.some(), "no token of the vocabulary is in %s", t.text))
	}
	return ids
}

// characters lists the tokens of the characters of a word, and of its ranges.
func (r *resolver) characters(t *tree) (ids []int) {
	list := []rune(t.text)
	for i := 0; i < len(list); i++ {
		if i+2 < len(list) && list[i+1] == '-' {
			ids = append(ids, r.between(list[i], list[i+2], t)...)
			i += 2
			continue
		}
		here := r.byText[string(list[i])]
		if here == nil {
			r.unknown(t, t.text, string(list[i]), t.start+len(string(list[:i])))
		}
		ids = append(ids, here...)
	}
	return ids
}

// between lists the tokens of one character in a range.
func (r *resolver) between(low, high rune, t *tree) (ids []int) {
	for id, text := range r.tokens {
		if c, size := utf8.DecodeRuneInString(text); size == len(text) && size > 0 && low <= c && c <= high {
			ids = append(ids, id)
		}
	}
	if ids == nil {
		panic(errorf(t.start, t.end, r.some(), "no token of the vocabulary is in %c-%c", low, high))
	}
	return ids
}

// leaf is the term of a set of tokens.
func (r *resolver) leaf(tokens []int, negated bool) *term {
	key := fmt.Sprint(negated, tokens)
	at, ok := r.byKey[key]
	if !ok {
		if r.mentions += len(tokens); r.mentions > maxMention {
			panic(errorf(0, 0, "", "the expression names more than %d tokens", maxMention))
		}
		at = len(r.leaves)
		r.byKey[key] = at
		r.leaves = append(r.leaves, leaf{tokens, negated})
	}
	return r.of(term{op: symbol, leaf: at})
}

// classes puts tokens into one class that stand in the same sets; has[leaf] lists the
// classes of a set, ascending.
func (r *resolver) classes() (class []int32, members [][]int, has []leaf) {
	in := make([][]byte, len(r.tokens))
	for i, l := range r.leaves {
		for _, t := range l.tokens {
			in[t] = append(in[t], byte(i), byte(i>>8), byte(i>>16))
		}
	}
	known := map[string]int32{}
	class = make([]int32, len(r.tokens))
	for t, key := range in {
		c, ok := known[string(key)]
		if !ok {
			c = int32(len(members))
			known[string(key)] = c
			members = append(members, nil)
		}
		class[t] = c
		members[c] = append(members[c], t)
	}
	has = make([]leaf, len(r.leaves))
	for i, l := range r.leaves {
		has[i].negated = l.negated
		for _, t := range l.tokens {
			has[i].tokens = append(has[i].tokens, int(class[t]))
		}
		slices.Sort(has[i].tokens)
		has[i].tokens = slices.Compact(has[i].tokens)
	}
	return class, members, has
}

// holds reports that a class, or token, is in the set.
func (l leaf) holds(c int) bool {
	_, listed := slices.BinarySearch(l.tokens, c)
	return listed != l.negated
}

// Quoted writes a token as an expression names it.
func Quoted(token string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(token) + `"`
}
