package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
	"rasp/lang/pattern"
)

// Text that is no token of RASP: what to say about it, and what to write
// instead.

// instead maps characters of other languages and of word processors to RASP.
var instead = map[string]string{
	"?": "a if c else b", "&": "and", "|": "or", "!": "not", "~": "not",
	"“": `"`, "”": `"`, "„": `"`, "‘": `"`, "’": `"`, "`": `"`, "'": `"`,
	"−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "÷": "/",
	"≤": "<=", "≥": ">=", "≠": "not (a == b), in select !=", "\u00a0": "a plain blank", "\u200b": "nothing",
}

// bad makes a bad token of the next n bytes and reports it.
func (s *scanner) bad(typ lexer.TokenType, n int, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(s.ahead(n), diag.Syntax, format, args...)
	s.diags = append(s.diags, d)
	s.emit(typ, n)
	return d
}

// checkBytes reports the first NUL byte and the first byte that is not UTF-8,
// wherever they stand.
func (s *scanner) checkBytes() {
	if i := strings.IndexByte(s.text, 0); i >= 0 {
		span := diag.Span{Source: s.src, Start: i, End: i + 1}
		s.diags = append(s.diags, diag.Errorf(span, diag.Syntax, "NUL byte").WithHint("a program is plain text"))
	}
	if utf8.ValidString(s.text) {
		return
	}
	i := len(cutInvalid(s.text))
	span := diag.Span{Source: s.src, Start: i, End: i + 1}
	s.diags = append(s.diags, diag.Errorf(span, diag.Syntax, "byte 0x%02x is not UTF-8", s.text[i]).
		WithHint("save the file as UTF-8"))
}

// cutInvalid is text before its first invalid byte.
func cutInvalid(text string) string {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return text[:i]
		}
		i += size
	}
	return text
}

// unknown takes a character that no token starts with.
func (s *scanner) unknown() {
	rest := s.text[s.pos:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == 0 || r == utf8.RuneError && size == 1:
		s.emit(badToken, size) // checkBytes spoke of it
	case r == '.' && digits(rest[1:]) > 0:
		s.badNumber()
	case r == '\'' && strings.Contains(rest[1:lineLength(rest)], "'"):
		n := strings.IndexByte(rest[1:], '\'')
		s.bad(badOperandToken, n+2, "string in single quotes").WithHint(`use double quotes: "%s"`, shorten(rest[1:n+1]))
	case isForeign(r):
		s.foreign()
	default:
		s.unknownOperator(rest, size)
	}
}

func (s *scanner) unknownOperator(rest string, size int) {
	text, n := rest[:size], size
	for strings.HasPrefix(rest[n:], text) { // && is one fault
		n += size
	}
	d := s.bad(badToken, n, "%q is not a RASP character", text)
	switch replacement := instead[text]; {
	case text == "." && isLetter(rest[min(n, len(rest)-1)]):
		d.WithHint("there are no methods and no modules: functions stand alone, as in f(x)")
	case text == ".":
		d.WithHint("a point stands only between the digits of a float")
	case replacement == `"`:
		d.WithHint(`strings stand in double quotes: "abc"`)
	case replacement != "":
		d.WithHint("write %s", replacement)
	}
}

// isForeign tells letters that names must not have.
func isForeign(r rune) bool { return r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r)) }

// foreign takes a name with letters outside ASCII.
func (s *scanner) foreign() {
	rest := s.text[s.pos:]
	n := 0
	for n < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[n:])
		if !isForeign(r) && !(size == 1 && wordLength(rest[n:n+1]) == 1) {
			break
		}
		n += size
	}
	s.bad(badOperandToken, n, "%q is not a name", shorten(rest[:n])).
		WithHint("names are of the letters a-z and A-Z, digits and _")
}

var exponent = pattern.Of(`^[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]+`)

// badNumber takes a number in a form that RASP does not have: 1. .5 1e5 12abc.
func (s *scanner) badNumber() {
	rest := s.text[s.pos:]
	n := max(len(exponent().FindString(rest)), prefix(rest, func(c byte) bool {
		return c == '.' || isDigit(c) || isLetter(c)
	}))
	text := rest[:n]
	d := s.bad(badOperandToken, n, "%q is not a number", shorten(text))
	switch {
	case exponent().MatchString(text):
		d.WithHint("numbers have no exponent: write 100000 or 10^5")
	case strings.Count(text, ".") == 1 && strings.HasPrefix(text, "."):
		d.WithHint("digits stand on both sides of the point: 0%s", shorten(text))
	case strings.Count(text, ".") == 1 && strings.HasSuffix(text, "."):
		d.WithHint("digits stand on both sides of the point: %s0", shorten(text))
	default:
		d.WithHint("a number is digits, or digits with one point between; a name starts with a letter or _")
	}
}
