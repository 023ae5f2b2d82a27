package syntax

import (
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar of one statement, without its ; and without the body of a def or
// for: parse.go cuts the file into such pieces. It is LL(1), apart from the two
// tokens that tell an assignment, so the parser never goes back and the token
// where it stops is the faulty one. Expressions are flat, operand after
// operand; precedence.go gives them their tree.
//
// A field Tokens receives all tokens of its rule, for the spans.

var grammar = sync.OnceValue(func() *participle.Parser[statementRule] {
	return participle.MustBuild[statementRule](participle.Lexer(definition{}), participle.UseLookahead(0))
})

type statementRule struct {
	Tokens  []lexer.Token
	Assign  *assignRule  `parser:"(?= Name (',' | '=')) @@"`
	Draw    *drawRule    `parser:"| 'draw' '(' @@ ')'"`
	Load    *lexer.Token `parser:"| 'load' @String"`
	Def     *defRule     `parser:"| 'def' @@"`
	For     *forRule     `parser:"| 'for' @@"`
	Return  []*exprRule  `parser:"| 'return' @@ (',' @@)*"`
	Command *commandRule `parser:"| @@"`
	Expr    *exprRule    `parser:"| @@"`
}

type assignRule struct {
	Names  []nameRule  `parser:"@@ (',' @@)* '='"`
	Values []*exprRule `parser:"@@ (',' @@)*"`
}

type drawRule struct {
	X     *exprRule `parser:"@@"`
	Input *exprRule `parser:"(',' @@)?"`
}

type defRule struct {
	Name   nameRule   `parser:"@@ '('"`
	Params []nameRule `parser:"(@@ (',' @@)*)? ')'"`
}

type forRule struct {
	Names []nameRule `parser:"@@ (',' @@)* 'in'"`
	In    *exprRule  `parser:"@@"`
}

type commandRule struct {
	Set    *setRule  `parser:"'set' @@"`
	Show   *showRule `parser:"| 'show' @@"`
	Target string    `parser:"| ( @('s-op' | 'selector')?"`
	Switch string    `parser:"'examples' @('on' | 'off') )"`
	Full   string    `parser:"| 'full seq display' @('on' | 'off')"`
	Exit   string    `parser:"| @('exit' | 'quit' | 'exit()' | 'quit()')"`
}

type setRule struct {
	Target string    `parser:"@('s-op' | 'selector')? 'example'"`
	Value  *exprRule `parser:"@@"`
}

type showRule struct {
	Target string `parser:"@('s-op' | 'selector')?"`
	Word   string `parser:"@'example'"`
}

type nameRule struct {
	Token lexer.Token `parser:"@Name"`
}

type exprRule struct {
	Lone *loneRule    `parser:"@@"`
	Head *operandRule `parser:"| @@"`
	Tail []*tailRule  `parser:"  @@*"`
}

type tailRule struct {
	Op      *lexer.Token `parser:"( @Operator"`
	If      *exprRule    `parser:"| 'if' @@ 'else' )"`
	Operand *operandRule `parser:"@@"`
}

type operandRule struct {
	Tokens []lexer.Token
	Atom   bool          `parser:"( @(Name | Number | String)"`
	Prefix *prefixRule   `parser:"| @@"`
	Table  *tableRule    `parser:"| @@"`
	X      *primaryRule  `parser:"| @@ )"`
	Suffix []*suffixRule `parser:"@@*"`
}

type prefixRule struct {
	Ops []lexer.Token `parser:"@(('not' | '-' | '+')+)"`
	X   *operandRule  `parser:"@@"`
}

type suffixRule struct {
	Tokens []lexer.Token
	Index  *exprRule   `parser:"'[' @@ ']'"`
	Args   []*exprRule `parser:"| '(' (@@ (',' @@)*)? ')'"`
}

type primaryRule struct {
	Tokens    []lexer.Token
	Paren     *exprRule      `parser:"'(' @@ ')'"`
	List      *listRule      `parser:"| @@"`
	Dict      *dictRule      `parser:"| @@"`
	Measure   *exprRule      `parser:"| ('round' | 'indicator') '(' @@ ')'"`
	Select    *selectRule    `parser:"| 'select(' @@ ')'"`
	Aggregate *aggregateRule `parser:"| 'aggregate(' @@ ')'"`
	Builtin   []*exprRule    `parser:"| ('range(' | 'zip(') @@ (',' @@)* ')' | 'len(' @@ ')'"`
}

type listRule struct {
	Elems []*exprRule        `parser:"'[' (@@ ("`
	Comp  *comprehensionRule `parser:"@@"`
	More  []*exprRule        `parser:"| (',' @@)+ )? )? ']'"`
}

type dictRule struct {
	Entries []*entryRule       `parser:"'{' (@@ ("`
	Comp    *comprehensionRule `parser:"@@"`
	More    []*entryRule       `parser:"| (',' @@)+ )? )? '}'"`
}

type entryRule struct {
	Key   *exprRule `parser:"@@ ':'"`
	Value *exprRule `parser:"@@"`
}

type comprehensionRule struct {
	Names []nameRule `parser:"'for' @@ (',' @@)* 'in'"`
	In    *exprRule  `parser:"@@"`
}

type selectRule struct {
	Key   *exprRule   `parser:"@@ ','"`
	Query *exprRule   `parser:"@@ ','"`
	Op    lexer.Token `parser:"@('==' | '!=' | '<' | '<=' | '>' | '>=')"`
}

type aggregateRule struct {
	Selector *exprRule `parser:"@@ ','"`
	Values   *exprRule `parser:"@@"`
	Default  *exprRule `parser:"(',' @@)?"`
}
