package golden

import (
	"fmt"
	"strings"

	"rasp/lang/diag"
)

// Edits are new texts for lines of a file.
type Edits map[int]string

// Outputs writes the case anew with these outputs.
func (e Edits) Outputs(k *Case, outputs []string) {
	for i, o := range outputs {
		outputs[i] = spaced(o)
	}
	e[k.Line] = k.prefix + " => " + strings.Join(outputs, " ")
}

// Fault writes the case anew with a fault instead of outputs.
func (e Edits) Fault(k *Case, kind diag.Kind, message string) {
	e[k.Line] = fmt.Sprintf("%s => error %s: %s", k.prefix, kind, message)
}

// Sizes writes the sizes anew.
func (e Edits) Sizes(s *Sizes, values []int) {
	text := "#="
	for i, name := range s.Names {
		text += fmt.Sprintf(" %s %d", name, values[i])
	}
	e[s.Line] = text
}

// Apply is the text of the file after the edits.
func (e Edits) Apply(text string) string {
	lines := strings.Split(text, "\n")
	for n, line := range e {
		lines[n-1] = line
	}
	return strings.Join(lines, "\n")
}

// spaced puts a blank after each comma of compact JSON, outside strings.
func spaced(json string) string {
	var b strings.Builder
	quoted, escaped := false, false
	for _, r := range json {
		b.WriteRune(r)
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
