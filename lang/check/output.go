package check

import (
	"rasp/lang/diag"
)

// outputs reports what #rasp:output names in vain, and predictions of the next
// token that cannot be. In a program with other faults that is only what nothing
// binds.
func (c *checker) outputs() diag.List {
	directives := c.program.File.Directives
	where, named := directives.Where["output"]
	if len(c.faulty) == 0 {
		_, fault := c.program.Outputs(nil, directives.Vocab)
		if fault == nil || !named && fault.Span.Source == nil { // a library has no output
			return nil
		}
		return diag.List{fault}
	}
	for _, name := range directives.Outputs {
		v, hidden := c.top.find(name, func(*variable) {})
		if v != nil || hidden || c.lostNames[name] {
			continue
		}
		if _, fault := c.program.Outputs([]string{name}, directives.Vocab); fault != nil {
			fault.Span = where
			return diag.List{fault}
		}
	}
	return nil
}
