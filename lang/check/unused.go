package check

import (
	"rasp/lang/diag"
)

// unused warns of names that nothing reads. Public names at the top level are
// there for others; so is what a function takes or a loop counts under a name
// that starts with _.
func (c *checker) unused() {
	for _, name := range c.program.File.Directives.Outputs {
		if v := c.top.vars[name]; v != nil {
			v.use()
		}
	}
	for _, s := range c.scopes {
		for _, v := range s.order {
			c.unusedName(s, v)
		}
		c.unusedLoads(s)
		if !s.useOut {
			for _, span := range s.idle {
				c.warnings = append(c.warnings, diag.Warningf(span, diag.Unused, "nothing is done with this value").
					WithHint("give it a name or return it; statements in a body show nothing"))
			}
		}
	}
}

func (c *checker) unusedName(s *scope, v *variable) {
	if v.reads > 0 || v.where == nil || c.warned[v.where.Span()] || c.lostNames[v.name] || isPrivate(v.name) != (s == c.top) {
		return
	}
	for _, other := range v.group {
		if other.reads > 0 {
			return
		}
	}
	span, name := v.where.Span(), v.name
	switch v.role {
	case counter:
		return
	case parameter:
		c.unusedAt(span, "the parameter "+name).WithHint("a name that starts with _ says that this is meant: _%s", name)
	case iterator:
		c.unusedAt(span, name).WithHint("a name that starts with _ says that this is meant: _%s", name)
	case defined:
		c.unusedAt(span, "the function "+name)
	default:
		d := c.unusedAt(span, name)
		if outer := s.outer(name); outer != nil {
			d.WithHint("this is a new name inside the function: the %s of line %d stays as it is", name, outer.where.Span().Line())
		}
	}
}

func (c *checker) unusedAt(span diag.Span, what string) *diag.Diagnostic {
	d := diag.Warningf(span, diag.Unused, "%s is never used", what)
	c.warnings = append(c.warnings, d)
	return d
}

// unusedLoads warns of loads that bring nothing that is used. A file that does
// nothing but load is a collection for others.
func (c *checker) unusedLoads(s *scope) {
	if s == c.top && len(s.loads) == len(c.program.File.Stmts) || len(c.lostNames) > 0 {
		return
	}
	for _, l := range s.loads {
		if !l.used {
			c.warnings = append(c.warnings, diag.Warningf(l.span, diag.Unused, "nothing that this file brings is used"))
		}
	}
}
