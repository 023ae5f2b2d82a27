package console

import (
	"strings"

	"rasp/lang/elab"
	"rasp/lang/value"
)

// showContainer shows a list, or a dict with its keys: on one line if it holds
// no list, dict, s-op or selector, else an entry after the other.
func (c *Console) showContainer(at place, kind, name string, v elab.Value, values []elab.Value, keys []value.Value, brackets string) {
	head := "   " + kind + ": "
	if name != "" {
		head += name + " = "
	}
	c.printf("%s %s %s", at.indent, at.key, head)
	if flat(values) {
		c.printf("%s\n", c.value(repr(v)))
		return
	}
	c.printf("%s %s\n", at.indent, brackets[:1])
	for i, elem := range values {
		inner := place{indent: at.indent + "\t\t"}
		if keys != nil {
			inner = place{at.indent + "\t\t\t", quoted(elab.Atom{Value: keys[i]}) + " : "}
		}
		c.show(inner, "", elem)
	}
	c.printf("%s%s%s\n", at.indent, strings.Repeat(" ", len(head)+2), brackets[1:])
}

func flat(values []elab.Value) bool {
	for _, v := range values {
		switch v.(type) {
		case elab.Atom, *elab.Function, elab.Native:
		default:
			return false
		}
	}
	return true
}
