package check

import (
	"rasp/lang/diag"
)

// outputs reports what #rasp:output names in vain, and predictions of the next
// token that cannot be. In a program with other faults that is only what nothing
// binds.
func (c *checker) outputs() diag.List {
	directives := c.program.File.Directives
	_, named := directives.Where["output"]
	if len(c.faulty) == 0 {
		prediction, fault := c.program.Prediction(directives.Vocab)
		if fault == nil && prediction == nil && named {
			_, fault = c.program.Main()
		}
		if fault != nil {
			return diag.List{fault}
		}
		return nil
	}
	for _, name := range directives.Outputs {
		v, hidden := c.top.find(name, func(*variable) {})
		if v != nil || hidden || c.lostNames[name] {
			continue
		}
		if _, fault := c.program.Find(name); fault != nil {
			return diag.List{fault}
		}
	}
	return nil
}
