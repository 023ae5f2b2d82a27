package console

import (
	"fmt"
	"strings"

	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/value"
)

// place is where something is shown: at the margin, or inside a list or dict.
type place struct {
	indent string // tabs
	key    string // of a dict entry: "key" :
}

// showNamed shows a value under its name.
func (c *Console) showNamed(name string, v elab.Value) { c.show(place{}, name, v) }

// show shows a value; name is "" inside lists and dicts.
func (c *Console) show(at place, name string, v elab.Value) {
	switch v := v.(type) {
	case elab.SOp:
		c.showSOp(at, c.nameOr(name, v.Node), v.Node)
	case elab.Selector:
		c.showSelector(at, c.nameOr(name, v.Node), v.Node)
	case *elab.Function:
		c.printf("%s %s    %s\n", at.indent, at.key, signature(v))
	case elab.Native:
		c.printf("%s %s    predefined function: %s\n", at.indent, at.key, nativeSignature)
	case *elab.List:
		c.showContainer(at, "list", name, v, v.Elems, nil, "[]")
	case *elab.Dict:
		c.showContainer(at, "dict", name, v, v.Values, v.Keys, "{}")
	default:
		if name != "" {
			name += " = "
		}
		if at.key != "" {
			at.key = " " + at.key
		}
		c.printf("%s%s    value: %s %s\n", at.indent, at.key, name, c.value(quoted(v)))
	}
}

func (c *Console) nameOr(name string, n *graph.Node) string {
	if name == "" {
		return c.labelOf(n)
	}
	return name
}

// signature says who made a function: console function: f(a, b).
func signature(f *elab.Function) string {
	return f.Creator + " function: " + f.Def.Signature()
}

func (c *Console) showSOp(at place, name string, n *graph.Node) {
	c.printf("%s %s    s-op: %s\n", at.indent, at.key, name)
	if !c.showSOps {
		return
	}
	failed := c.evaluate(c.sop, n)
	call := fmt.Sprintf("%s(%s) =", name, c.value(c.sop.text))
	switch {
	case failed == failedOnType:
	case failed != "":
		c.printf("%s \t Example: %s %s\n", at.indent, call, c.wrong(failed))
	case c.full:
		c.printf("%s \t Example:", at.indent)
		c.showFull(at, " "+call, c.sop.tokens, c.sop.values.Sequence(n))
	default:
		c.printf("%s \t Example: %s %s\n", at.indent, call, c.sequence(c.sop.values.Sequence(n)))
	}
}

func (c *Console) showSelector(at place, name string, n *graph.Node) {
	c.printf("%s %s    selector: %s\n", at.indent, at.key, name)
	if !c.showSelectors {
		return
	}
	c.printf("%s \t Example:\n", at.indent)
	switch failed := c.evaluate(c.selector, n); {
	case failed == failedOnType:
	case failed != "":
		c.printf("%s\n", c.wrong(failed))
	default:
		c.showMatrix(at, c.selector.tokens, c.selector.values.Matrix(n))
	}
}

// showApplication shows s("abc") or draw(s).
func (c *Console) showApplication(a *elab.Application) {
	x := c.sop
	if a.Input != nil {
		x = c.on(a.Input)
	}
	if failed := c.evaluate(x, a.Of); failed != "" {
		if failed != failedOnType {
			c.printf("\t =  %s\n", c.wrong(failed))
		}
		return
	}
	switch {
	case a.Of.IsSelector():
		c.printf("\t = \n")
		c.showMatrix(place{}, x.tokens, x.values.Matrix(a.Of))
	case c.full:
		c.printf("\t = ")
		c.showFull(place{}, " ", x.tokens, x.values.Sequence(a.Of))
	default:
		c.printf("\t =  %s\n", c.sequence(x.values.Sequence(a.Of)))
	}
}

func (c *Console) sequence(s []value.Value) string {
	text := value.FormatSequence(s)
	if i := strings.LastIndex(text, " ("); i > 0 {
		return c.value(text[:i]) + text[i:]
	}
	return c.value(text)
}
