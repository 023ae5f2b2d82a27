package console

import (
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/syntax"
)

// Command carries out set, show, examples and full seq display.
func (l *listener) Command(command *syntax.Command, v elab.Value) *diag.Diagnostic {
	c := (*Console)(l)
	sops, selectors := command.Target != "selector", command.Target != "s-op"
	switch command.Verb {
	case "set":
		return c.setExample(v, sops, selectors)
	case "show":
		c.print(deferred{print: func() { c.showExamples(sops, selectors) }})
	case "examples":
		c.showSOps = sops && command.On || !sops && c.showSOps
		c.showSelectors = selectors && command.On || !selectors && c.showSelectors
	case "full seq display":
		c.full = command.On
	}
	return nil
}

func (c *Console) setExample(v elab.Value, sops, selectors bool) *diag.Diagnostic {
	if _, err := elab.Input(v); err != nil {
		return diag.Errorf(diag.Span{}, diag.Type, "%s", err).
			WithHint(`set example "hello", set example [3, 1, 2]`)
	}
	x := newExample(v)
	if sops {
		c.sop = x
	}
	if selectors {
		c.selector = x
	}
	return nil
}

func (c *Console) showExamples(sops, selectors bool) {
	if sops {
		c.printf("\ts-op example: %s\n", c.value(c.sop.text))
	}
	if selectors {
		c.printf("\tselector example: %s\n", c.value(c.selector.text))
	}
}
