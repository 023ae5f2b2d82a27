package console

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/elab"
)

// deferred is something to print: at once, or at the end of the file that is
// being loaded.
type deferred struct {
	name  string // of what it shows, "" if that has none
	fault bool
	print func()
}

func (c *Console) print(d deferred) {
	if len(c.files) == 0 {
		d.print()
		return
	}
	c.later = append(c.later, d)
}

// Opened: a file prints no examples.
func (l *listener) Opened() {
	l.files = append(l.files, l.settings)
	l.showSOps, l.showSelectors = false, false
}

// Lost: syntax faults are printed when they are read.
func (l *listener) Lost(faults diag.List) {
	for _, d := range faults {
		if d.Severity == diag.Error {
			(*Console)(l).fault(d)
		}
	}
}

// Ran defers what a statement of a file prints. Private names, names of the
// library, which stay inside the file too, and values without a name print
// nothing.
func (l *listener) Ran(result elab.Result, fault *diag.Diagnostic) {
	c := (*Console)(l)
	if fault != nil {
		c.print(deferred{fault: true, print: func() { c.fault(fault) }})
	}
	named := result.Bound
	if result.Name != "" && result.Name != "out" {
		named = []elab.Bound{{Name: result.Name, Value: result.Value}}
	}
	for _, b := range named {
		if !strings.HasPrefix(b.Name, "_") && !isLibrary(b.Name) {
			c.print(deferred{name: b.Name, print: func() { c.showNamed(b.Name, b.Value) }})
		}
	}
}

// Closed prints what was deferred, also by the files around this one. A name is
// shown once, where it comes last, unless there was a fault.
func (l *listener) Closed() {
	c := (*Console)(l)
	list, merge, last := c.later, true, map[string]int{}
	c.later = nil
	for i, d := range list {
		merge = merge && !d.fault
		last[d.name] = i
	}
	for i, d := range list {
		if !merge || d.name == "" || last[d.name] == i {
			d.print()
		}
	}
	full := c.full
	c.settings = c.files[len(c.files)-1]
	c.full = full
	c.files = c.files[:len(c.files)-1]
}
