package syntax

import "rasp/lang/diag"

// Node is a statement or an expression.
type Node interface{ Span() diag.Span }

// Around are the nodes around an offset, from the statement in to the innermost
// expression. One that ends at the offset counts, unless another starts there.
func (f *File) Around(offset int) (path []Node) {
	nodes := nodesOf(f.Stmts)
	for _, f := range f.Partial {
		nodes = append(nodes, f)
	}
	for {
		next := innermost(nodes, offset)
		if next == nil {
			return path
		}
		path = append(path, next)
		nodes = Children(next)
	}
}

func innermost(nodes []Node, offset int) (found Node) {
	for _, n := range nodes {
		if s := n.Span(); s.Start <= offset && offset <= s.End && (found == nil || s.Start <= offset && offset < s.End) {
			found = n
		}
	}
	return found
}

// Walk visits a node and all below it, a node before those in it.
func Walk(n Node, visit func(Node)) {
	stack := []Node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		visit(n)
		stack = append(stack, Children(n)...)
	}
}

// WalkAll visits all nodes of a file.
func (f *File) WalkAll(visit func(Node)) {
	for _, stmt := range f.Stmts {
		Walk(stmt, visit)
	}
}

// Children are the nodes right below a node, names that it binds among them.
func Children(n Node) []Node {
	var list []Node
	add := func(xs ...Expr) {
		for _, x := range xs {
			if x != nil {
				list = append(list, x)
			}
		}
	}
	names := func(names []*Ident) {
		for _, name := range names {
			list = append(list, name)
		}
	}
	switch n := n.(type) {
	case *ExprStmt:
		add(n.X)
	case *Assign:
		names(n.Names)
		add(n.Values...)
	case *Draw:
		add(n.X, n.Input)
	case *FuncDef:
		list = append(list, n.Name)
		names(n.Params)
		list = append(list, nodesOf(n.Body)...)
		add(n.Results...)
	case *For:
		names(n.Names)
		add(n.In)
		list = append(list, nodesOf(n.Body)...)
	case *Command:
		add(n.Value)
	case *Unary:
		add(n.X)
	case *Binary:
		add(n.L, n.R)
	case *In:
		add(n.X, n.Set)
	case *Cond:
		add(n.Then, n.If, n.Else)
	case *Index:
		add(n.X, n.Index)
	case *Call:
		add(n.Fun)
		add(n.Args...)
	case *Paren:
		add(n.X)
	case *List:
		add(n.Elems...)
	case *Dict:
		for i := range n.Keys {
			add(n.Keys[i], n.Values[i])
		}
	case *ListComp:
		add(n.Elem)
		names(n.Names)
		add(n.In)
	case *DictComp:
		add(n.Key, n.Value)
		names(n.Names)
		add(n.In)
	case *Select:
		add(n.Key, n.Query)
	case *Aggregate:
		add(n.Selector, n.Values, n.Default)
	case *Builtin:
		add(n.Args...)
	}
	return list
}

func nodesOf(stmts []Stmt) []Node {
	list := make([]Node, len(stmts))
	for i, s := range stmts {
		list[i] = s
	}
	return list
}
