package syntax

import (
	"rasp/lang/diag"
	"rasp/lang/value"
)

// Stmt is a statement or a console command.
type Stmt interface {
	Span() diag.Span
	stmt()
}

// Expr is an expression.
type Expr interface {
	Span() diag.Span
	expr()
}

// At carries the span of a syntax node.
type At struct{ Where diag.Span }

// Span is the source text of the node.
func (a At) Span() diag.Span { return a.Where }

// Statements; their spans include the ; at the end. Where several expressions stand (x = 1,2; return a,b;) they
// mean a list.
type (
	ExprStmt struct {
		At
		X Expr
	}
	Assign struct {
		At
		Names  []*Ident
		Values []Expr
	}
	Draw struct {
		At
		X     Expr
		Input Expr // nil if absent
	}
	Load struct {
		At
		Path string
	}
	FuncDef struct {
		At
		Name    *Ident
		Params  []*Ident
		Body    []Stmt
		Results []Expr // of the one return, which stands last
	}
	For struct {
		At
		Names []*Ident
		In    Expr
		Body  []Stmt
	}
	// Command is a console command: it has no meaning for a compiler.
	Command struct {
		At
		Verb   string // "set", "show", "examples", "full seq display", "exit"
		Target string // "s-op", "selector" or "" for both
		On     bool   // examples on, full seq display on
		Value  Expr   // set example
	}
)

// Expressions.
type (
	Ident struct {
		At
		Name string
	}
	Literal struct {
		At
		Value value.Value
	}
	Unary struct { // not, -, +, round(x), indicator(x)
		At
		Fn value.Fn
		X  Expr
	}
	Binary struct { // + - * / % ^ == <= >= < > and or
		At
		Fn   value.Fn
		L, R Expr
		Op   diag.Span // the operator itself
	}
	In struct { // X in Set
		At
		X, Set Expr
	}
	Cond struct { // Then if If else Else
		At
		Then, If, Else Expr
	}
	Index struct {
		At
		X, Index Expr
	}
	Call struct {
		At
		Fun  Expr
		Args []Expr
	}
	Paren struct { // kept for the formatter
		At
		X Expr
	}
	List struct {
		At
		Elems []Expr
	}
	Dict struct {
		At
		Keys, Values []Expr
	}
	ListComp struct { // [Elem for Names in In]
		At
		Elem  Expr
		Names []*Ident
		In    Expr
	}
	DictComp struct { // {Key: Value for Names in In}
		At
		Key, Value Expr
		Names      []*Ident
		In         Expr
	}
	Select struct {
		At
		Key, Query Expr
		Fn         value.Fn // Eq Ne Lt Le Gt Ge
	}
	Aggregate struct {
		At
		Selector, Values Expr
		Default          Expr // nil if absent
	}
	Builtin struct { // range(..) zip(..) len(..)
		At
		Name string
		Args []Expr
	}
)

func (*ExprStmt) stmt() {}
func (*Assign) stmt()   {}
func (*Draw) stmt()     {}
func (*Load) stmt()     {}
func (*FuncDef) stmt()  {}
func (*For) stmt()      {}
func (*Command) stmt()  {}

func (*Ident) expr()     {}
func (*Literal) expr()   {}
func (*Unary) expr()     {}
func (*Binary) expr()    {}
func (*In) expr()        {}
func (*Cond) expr()      {}
func (*Index) expr()     {}
func (*Call) expr()      {}
func (*Paren) expr()     {}
func (*List) expr()      {}
func (*Dict) expr()      {}
func (*ListComp) expr()  {}
func (*DictComp) expr()  {}
func (*Select) expr()    {}
func (*Aggregate) expr() {}
func (*Builtin) expr()   {}

// Comment is one comment, from its # to the end of the line.
type Comment struct{ At }

// Directives are the #rasp: comments of a file. They have no meaning for the
// language; the compiler takes its domain from them.
type Directives struct {
	Vocab   []value.Value // #rasp:vocab "abc" | ["the","cat"] | 0..9 | -3..3 | [0, 0.5, true]
	Length  int           // #rasp:length 32
	Outputs []string      // #rasp:output a, b
	Causal  bool          // #rasp:causal
	Inputs  []Form        // #rasp:inputs [01]+ "=" [01]*; an input is of all of them
	Partial bool          // #rasp:partial
	// What the output says of the next token, see graph.Distribution.
	Confidence float64              // #rasp:confidence 0.9; 0 if not given
	Logits     bool                 // #rasp:logits
	Where      map[string]diag.Span // directive word -> where it stands; absent if not given
}

// Form is a regular expression of inputs, see package form of runtime.
type Form struct {
	Text  string
	Where diag.Span
}

// File is a parsed program.
type File struct {
	Source     *diag.Source
	Stmts      []Stmt
	Comments   []*Comment
	Directives Directives
	// Partial are functions of the top level that lack their return, as those do that
	// somebody is writing: they have no meaning, but editors can look into them.
	Partial []*FuncDef
	// Incomplete: the first fault is that the text ends too early. A console
	// then reads another line and parses again.
	Incomplete bool
}

// Across is the span from the first to the last of some expressions.
func Across[X Expr](xs []X) diag.Span { return xs[0].Span().To(xs[len(xs)-1].Span()) }

// Unparen is x without the parentheses around it.
func Unparen(x Expr) Expr {
	for p, ok := x.(*Paren); ok; p, ok = x.(*Paren) {
		x = p.X
	}
	return x
}
