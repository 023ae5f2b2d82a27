package check

import (
	"strings"

	"rasp/lang/pattern"
	"rasp/lang/syntax"
)

var (
	assignment = pattern.Of(`((?:[A-Za-z_][A-Za-z0-9_]*\s*,\s*)*[A-Za-z_][A-Za-z0-9_]*)\s*=(?:[^=]|$)`)
	loadWord   = pattern.Of(`\bload\b`)
	headWord   = pattern.Of(`\b(?:def|for)\b.*`)
)

// lose takes note of the names in faulty statements. Those that stand where one
// binds names are bound, to nobody knows what; all of them count as used.
func (c *checker) lose(file *syntax.File, s *scope) {
	text := file.Lost()
	for _, name := range syntax.Identifiers(text) {
		c.lostNames[name] = true
	}
	bind := func(names string) {
		for _, name := range syntax.Identifiers(names) {
			if s.vars[name] == nil {
				s.bind(name, nil, borrowed, unknown).maybe = true
			}
		}
	}
	for _, match := range assignment().FindAllStringSubmatch(text, -1) {
		bind(match[1])
	}
	for _, head := range headWord().FindAllString(text, -1) {
		names, _, _ := strings.Cut(head, "{")
		bind(names)
	}
	s.opaque = s.opaque || loadWord().MatchString(text)
}
