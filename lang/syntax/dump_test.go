package syntax

import (
	"fmt"
	"strings"
)

// dump prints a tree with parentheses around every operation; written
// parentheses are printed as ⟨ ⟩.
func dump(x Expr) string {
	switch x := x.(type) {
	case nil:
		return "nil"
	case *Ident:
		return x.Name
	case *Literal:
		if x.Value.Kind().String() == "string" {
			return `"` + x.Value.Text() + `"`
		}
		return x.Value.String()
	case *Unary:
		return fmt.Sprintf("(%s %s)", x.Fn, dump(x.X))
	case *Binary:
		return fmt.Sprintf("(%s %s %s)", dump(x.L), x.Fn, dump(x.R))
	case *In:
		return fmt.Sprintf("(%s in %s)", dump(x.X), dump(x.Set))
	case *Cond:
		return fmt.Sprintf("(%s if %s else %s)", dump(x.Then), dump(x.If), dump(x.Else))
	case *Index:
		return fmt.Sprintf("%s[%s]", dump(x.X), dump(x.Index))
	case *Call:
		return fmt.Sprintf("%s(%s)", dump(x.Fun), dumpAll(x.Args))
	case *Paren:
		return "⟨" + dump(x.X) + "⟩"
	case *List:
		return "[" + dumpAll(x.Elems) + "]"
	case *Dict:
		entries := make([]string, len(x.Keys))
		for i := range entries {
			entries[i] = dump(x.Keys[i]) + ": " + dump(x.Values[i])
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case *ListComp:
		return fmt.Sprintf("[%s for %s in %s]", dump(x.Elem), dumpNames(x.Names), dump(x.In))
	case *DictComp:
		return fmt.Sprintf("{%s: %s for %s in %s}", dump(x.Key), dump(x.Value), dumpNames(x.Names), dump(x.In))
	case *Select:
		return fmt.Sprintf("select(%s, %s, %s)", dump(x.Key), dump(x.Query), x.Fn)
	case *Aggregate:
		if x.Default == nil {
			return fmt.Sprintf("aggregate(%s, %s)", dump(x.Selector), dump(x.Values))
		}
		return fmt.Sprintf("aggregate(%s, %s, %s)", dump(x.Selector), dump(x.Values), dump(x.Default))
	case *Builtin:
		return fmt.Sprintf("%s(%s)", x.Name, dumpAll(x.Args))
	}
	return fmt.Sprintf("%T?", x)
}

func dumpAll(list []Expr) string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = dump(x)
	}
	return strings.Join(texts, ", ")
}

func dumpNames(names []*Ident) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n.Name
	}
	return strings.Join(texts, ",")
}

func dumpStmt(s Stmt) string {
	switch s := s.(type) {
	case *ExprStmt:
		return dump(s.X) + ";"
	case *Assign:
		return dumpNames(s.Names) + " = " + dumpAll(s.Values) + ";"
	case *Draw:
		return fmt.Sprintf("draw %s, %s;", dump(s.X), dump(s.Input))
	case *Load:
		return fmt.Sprintf("load %q;", s.Path)
	case *FuncDef:
		return fmt.Sprintf("def %s(%s) {%s return %s;}", s.Name.Name, dumpNames(s.Params), dumpStmts(s.Body), dumpAll(s.Results))
	case *For:
		return fmt.Sprintf("for %s in %s {%s}", dumpNames(s.Names), dump(s.In), dumpStmts(s.Body))
	case *Command:
		return fmt.Sprintf("<%s|%s|%v|%s>", s.Verb, s.Target, s.On, dump(s.Value))
	}
	return fmt.Sprintf("%T?", s)
}

func dumpStmts(list []Stmt) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = dumpStmt(s)
	}
	return strings.Join(texts, " ")
}
