package export

import (
	"encoding/json"
	"fmt"
	"strings"

	"rasp/runtime/model"
)

// Labels names each column of the logits: a class, or what of a number it is; with the
// name of the output before it if there are several.
func Labels(m *model.Model) []string {
	var labels []string
	for _, o := range m.Outputs {
		names := []string{"the number", "above 1/2: a float"}
		if !o.Numeric() {
			names = Names(o.Classes)
		}
		for _, name := range names {
			if len(m.Outputs) > 1 {
				name = o.Name + ": " + name
			}
			labels = append(labels, name)
		}
	}
	return labels
}

// Names are tokens as text, no two alike: a string is itself, unless another token prints
// like it; then it has its quotes.
func Names(tokens []model.Token) []string {
	count := map[string]int{}
	for _, t := range tokens {
		count[printed(t)]++
	}
	names := make([]string, len(tokens))
	taken := map[string]bool{}
	for i, t := range tokens {
		names[i] = printed(t)
		if count[names[i]] > 1 {
			names[i] = string(t)
		}
		for taken[names[i]] {
			names[i] += "'"
		}
		taken[names[i]] = true
	}
	return names
}

// printed is a token without its quotes.
func printed(t model.Token) string {
	if strings.HasPrefix(string(t), `"`) {
		var text string
		if err := json.Unmarshal([]byte(t), &text); err == nil {
			return text
		}
	}
	return string(t)
}

// columns says which columns an output has, and how it is read off them.
func columns(o model.Output) string {
	last := o.Column + o.Width() - 1
	switch {
	case o.Numeric():
		return fmt.Sprintf("column %d is the number; it is a float where column %d is above 1/2, else an int", o.Column, last)
	case o.Next:
		return fmt.Sprintf("columns %d to %d, one for each token that can come next: the softmax is its probability", o.Column, last)
	}
	return fmt.Sprintf("columns %d to %d, one for each value: the largest is the output, the first of equals", o.Column, last)
}
