package syntax

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"rasp/lang/diag"
)

// scanner cuts a source into tokens. Longest match wins, as in the reference:
// select( is one token, select_x( a name and a parenthesis. Comments go to a
// list of their own. Text that is no token becomes a bad token, reported here,
// so that the parser need not speak of it again.
type scanner struct {
	src      *diag.Source
	text     string
	pos      int
	line     int
	tokens   []lexer.Token // ends with EOF
	comments []*Comment
	diags    diag.List
}

func scan(src *diag.Source) *scanner {
	s := &scanner{src: src, text: src.Text, line: 1, tokens: make([]lexer.Token, 0, len(src.Text)/3+1)}
	s.checkBytes()
	s.pos = len(s.text) - len(strings.TrimPrefix(s.text, "\ufeff"))
	for s.pos < len(s.text) {
		s.next()
	}
	s.emit(lexer.EOF, 0)
	return s
}

func (s *scanner) next() {
	switch c := s.text[s.pos]; {
	case c == '\n':
		s.line++
		s.pos++
	case c == ' ' || c == '\t' || c == '\r':
		s.pos++
	case c == '#':
		s.comment()
	case c == '"':
		s.quoted()
	case isDigit(c):
		s.number()
	case isLetter(c):
		s.word()
	default:
		s.operator()
	}
}

// emit makes a token of the next n bytes.
func (s *scanner) emit(typ lexer.TokenType, n int) {
	s.tokens = append(s.tokens, lexer.Token{
		Type:  typ,
		Value: s.text[s.pos : s.pos+n],
		Pos:   lexer.Position{Offset: s.pos, Line: s.line},
	})
	s.pos += n
}

func (s *scanner) comment() {
	n := lineLength(s.text[s.pos:])
	s.comments = append(s.comments, &Comment{At{s.ahead(n)}})
	s.pos += n
}

func (s *scanner) quoted() {
	n := strings.IndexAny(s.text[s.pos+1:], "\"\r\n")
	if n >= 0 && s.text[s.pos+1+n] == '"' {
		s.emit(stringToken, n+2)
		return
	}
	n = lineLength(s.text[s.pos:])
	s.bad(badOperandToken, n, "string without its closing quote").
		WithHint(`a string ends with " on the line where it starts`)
}

func (s *scanner) word() {
	rest := s.text[s.pos:]
	n := wordLength(rest)
	if r, size := utf8.DecodeRuneInString(rest[n:]); size > 1 && isForeign(r) {
		s.foreign()
		return
	}
	after := rest[n:]
	switch word := rest[:n]; {
	case fused[word] && strings.HasPrefix(after, "("):
		s.emit(fusedToken, n+1)
	case (word == "exit" || word == "quit") && strings.HasPrefix(after, "()"):
		s.emit(keywordToken, n+2)
	case word == "s" && strings.HasPrefix(rest, "s-op"):
		s.emit(keywordToken, len("s-op"))
	case word == "full" && strings.HasPrefix(rest, "full seq display"):
		s.emit(keywordToken, len("full seq display"))
	case keywords[word] != 0:
		s.emit(keywords[word], n)
	default:
		s.emit(nameToken, n)
	}
}

// number reads 12 or 1.5. A word may follow at once only if it is a keyword, as
// in 1if x else 2.
func (s *scanner) number() {
	rest := s.text[s.pos:]
	n := digits(rest)
	n += fractionLength(rest[n:])
	word := rest[n : n+wordLength(rest[n:])]
	if strings.HasPrefix(rest[n:], ".") || word != "" && keywords[word] == 0 {
		s.badNumber()
		return
	}
	s.emit(numberToken, n)
}

func (s *scanner) operator() {
	rest := s.text[s.pos:]
	for _, two := range []string{"==", "<=", ">=", "!="} {
		if strings.HasPrefix(rest, two) {
			s.emit(operatorType(two), 2)
			return
		}
	}
	if typ := operatorType(rest[:1]); typ != 0 {
		s.emit(typ, 1)
		return
	}
	s.unknown()
}

// operatorType is 0 for text that is no operator.
func operatorType(text string) lexer.TokenType {
	switch text {
	case "+", "-", "*", "/", "%", "^", "==", "<=", ">=", "<", ">":
		return operatorToken
	case "!=", "=", "(", ")", "[", "]", "{", "}", ",", ";", ":":
		return punctToken
	}
	return 0
}

// ahead is the span of the next n bytes.
func (s *scanner) ahead(n int) diag.Span {
	return diag.Span{Source: s.src, Start: s.pos, End: s.pos + n}
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }

func digits(text string) int { return prefix(text, isDigit) }

func wordLength(text string) int {
	return prefix(text, func(c byte) bool { return isLetter(c) || isDigit(c) })
}

func lineLength(text string) int {
	return prefix(text, func(c byte) bool { return c != '\n' && c != '\r' })
}

// fractionLength is the length of a point with digits after it, else 0.
func fractionLength(text string) int {
	if strings.HasPrefix(text, ".") && digits(text[1:]) > 0 {
		return 1 + digits(text[1:])
	}
	return 0
}

// prefix counts the bytes at the start of text that satisfy is.
func prefix(text string, is func(byte) bool) int {
	for i := 0; i < len(text); i++ {
		if !is(text[i]) {
			return i
		}
	}
	return len(text)
}

// definition is the scanner as the grammar wants it.
type definition struct{}

func (definition) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Name": nameToken, "Number": numberToken, "String": stringToken,
		"Keyword": keywordToken, "Fused": fusedToken, "Operator": operatorToken, "Punct": punctToken,
	}
}

func (definition) Lex(name string, r io.Reader) (lexer.Lexer, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	tokens := scan(diag.NewSource(name, string(text))).tokens
	last := len(tokens) - 1
	return &tokenList{tokens[:last], tokens[last]}, nil
}

// tokenList hands out tokens, then end for ever.
type tokenList struct {
	rest []lexer.Token
	end  lexer.Token
}

func (l *tokenList) Next() (lexer.Token, error) {
	if len(l.rest) == 0 {
		return l.end, nil
	}
	t := l.rest[0]
	l.rest = l.rest[1:]
	return t, nil
}
