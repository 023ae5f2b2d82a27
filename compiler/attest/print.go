package attest

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"rasp/compiler/prove/witness"
)

// JSON is a witness on one line, as a model file has it.
func JSON(w *witness.Witness) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(w); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// Print writes a witness for people: nodes, heads and facts, a line each.
func Print(out io.Writer, w *witness.Witness) error {
	var b strings.Builder
	fmt.Fprintf(&b, "nodes 0 to %d are those of the text\n", w.Text-1)
	for i, n := range w.Nodes {
		fmt.Fprintf(&b, "node %d: %s\n", w.Text+i, nodeText(n))
	}
	for _, h := range w.Heads {
		fmt.Fprintf(&b, "layer %d head %d: %s of %s\n", h.Layer, h.Head, h.Kind, selectorText(h))
		for _, d := range h.Dims {
			fmt.Fprintf(&b, "  dim %d: %s for %s\n", d.Dim, d.Kind, nodeName(d.Node, "the length"))
		}
	}
	for _, f := range w.Facts {
		fmt.Fprintf(&b, "node %d: %s\n", f.Of, f.Claim)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func nodeName(n int, none string) string {
	if n < 0 {
		return none
	}
	return fmt.Sprint("node ", n)
}

func nodeText(n witness.Node) string {
	words := []string{n.Op}
	for _, word := range []string{n.Fn, n.Base, string(n.Value)} {
		if word != "" {
			words = append(words, word)
		}
	}
	for _, a := range n.Args {
		words = append(words, fmt.Sprint(a))
	}
	return strings.Join(words, " ")
}

func selectorText(h witness.Head) string {
	text := nodeName(h.Selects, "every key")
	if h.Where != nil {
		text += fmt.Sprintf(" where node %d is %s", h.Where.Node, h.Where.Is)
	}
	if h.Parts > 1 {
		text += fmt.Sprintf(", part %d of %d", h.Part+1, h.Parts)
	}
	return text
}
