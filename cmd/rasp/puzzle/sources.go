package puzzle

import "strings"

// followed is what came after the last earlier occurrence of the last token.
func followed(t []string, otherwise string) string {
	for j := len(t) - 2; j >= 0; j-- {
		if t[j] == t[len(t)-1] {
			return t[j+1]
		}
	}
	return otherwise
}

// copied makes what followed 9 times as likely.
func copied(t []string, i int) any {
	w := weights{"a": 1, "b": 1, "c": 1}
	if f := followed(t[:i+1], ""); f != "" {
		w[f] = 9
	}
	return w
}

// strokes says what comes after a text of groups of strokes: group n has n of them.
func strokes(text string) any {
	groups := strings.Split(text, " ")
	if len(groups[len(groups)-1]) >= len(groups) {
		return weights{" ": 1}
	}
	return weights{"|": 1}
}
