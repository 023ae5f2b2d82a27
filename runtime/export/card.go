package export

import (
	"bytes"
	"fmt"
	"strings"

	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// listed is how many lines of a list the card shows; the files have all.
const listed = 200

// card is the model card of a folder.
func card(m *model.Model, name string, form Form, made *Folder, said []Said, g *circuit.Graph) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "---\n%s\n---\n\n# %s\n\n", strings.Join(append(made.Front, "tags: [rasp, compiled-transformer]"), "\n"), line(name))
	fmt.Fprintf(&b, "A transformer that was compiled from the program below, not trained: %s.\n\n", form.About)
	fmt.Fprintf(&b, "## How to open it\n\n")
	fence(&b, "python", strings.Join(made.Open("."), "\n"))
	fmt.Fprintf(&b, "It takes token ids: BOS, which is %d, then 1 to %d tokens. Attention is %s.\n\n", len(m.Vocab), m.NCtx-1, direction(m))
	if f, err := m.Form(); err == nil && f != nil {
		fmt.Fprintf(&b, "It is made for inputs of this form alone: %s.\n\n", line(f.Described()))
	}
	writeVocabulary(&b, m)
	writeOutputs(&b, m, made)
	writeCertificate(&b, m, said)
	if m.Source != "" {
		fmt.Fprintf(&b, "## The program\n\n")
		fence(&b, "", m.Source)
	}
	writeCircuit(&b, g)
	return b.Bytes()
}

func direction(m *model.Model) string {
	if m.Causal {
		return "causal"
	}
	return "bidirectional"
}

func writeVocabulary(b *bytes.Buffer, m *model.Model) {
	fmt.Fprintf(b, "| id | token |\n|---|---|\n")
	for id, t := range m.Vocab[:min(listed, len(m.Vocab))] {
		fmt.Fprintf(b, "| %d | %s |\n", id, cell(string(t)))
	}
	if len(m.Vocab) > listed {
		fmt.Fprintf(b, "\nand so on, up to %d.\n", len(m.Vocab)-1)
	}
	fmt.Fprintln(b)
}

func writeOutputs(b *bytes.Buffer, m *model.Model, made *Folder) {
	fmt.Fprintf(b, "## What comes out\n\n%s\n\n", made.Logits)
	for _, o := range m.Outputs {
		fmt.Fprintf(b, "- %s: %s.\n", cell(o.Name), columns(o))
	}
	fmt.Fprintf(b, "\n| column | stands for |\n|---|---|\n")
	labels := Labels(m)
	for c, label := range labels[:min(listed, len(labels))] {
		fmt.Fprintf(b, "| %d | %s |\n", c, cell(label))
	}
	if len(labels) > listed {
		fmt.Fprintf(b, "\nand so on, up to %d.\n", len(labels)-1)
	}
	fmt.Fprintln(b)
}

func writeCertificate(b *bytes.Buffer, m *model.Model, said []Said) {
	claim := m.Certificate.Claim
	if claim == "" {
		claim = "none: nothing is proved about this model"
	}
	fmt.Fprintf(b, "## Certificate\n\nOf the model that was exported: %s.\n", line(claim))
	if m.Certificate.ProofClaim != "" {
		fmt.Fprintf(b, "\nProof: %s.\n", line(m.Certificate.ProofClaim))
	}
	if len(said) == 0 {
		fmt.Fprintf(b, "\nIn this form the same numbers are computed.\n\n")
		return
	}
	writeSaid(b, "This form is certified anew for what it is opened in", said, true)
	writeSaid(b, "In this form these are not certain", said, false)
	fmt.Fprintln(b)
}

// writeSaid lists what holds, or does not.
func writeSaid(b *bytes.Buffer, title string, said []Said, holds bool) {
	for _, s := range said {
		if s.Holds != holds {
			continue
		}
		if title != "" {
			fmt.Fprintf(b, "\n%s:\n\n", title)
			title = ""
		}
		fmt.Fprintf(b, "- %s.\n", line(s.Text))
	}
}

func writeCircuit(b *bytes.Buffer, g *circuit.Graph) {
	fmt.Fprintf(b, "## The circuit\n\nWhich part reads what of which other; circuit.json has the dimensions too.\n\n| part | is for |\n|---|---|\n")
	for _, n := range g.Nodes[:min(listed, len(g.Nodes))] {
		fmt.Fprintf(b, "| %s | %s |\n", n.Name, cell(format.Title(n)))
	}
	fmt.Fprintf(b, "\n| edge | dims |\n|---|---|\n")
	for _, e := range g.Edges[:min(listed, len(g.Edges))] {
		fmt.Fprintf(b, "| `%s` | %d |\n", e.Name(), len(e.Dims))
	}
	if len(g.Edges) > listed {
		fmt.Fprintf(b, "\nand so on, %d edges in all.\n", len(g.Edges))
	}
}

// line is text on one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// cell is text in a cell of a table, as it is: in backquotes, with no bar.
func cell(text string) string {
	if text == "" {
		return ""
	}
	ticks := "`"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	if len(ticks) > 1 || strings.HasPrefix(text, "`") {
		text = " " + text + " "
	}
	return ticks + strings.NewReplacer("|", `\|`, "\n", `\n`, "\r", `\r`).Replace(text) + ticks
}

// fence is text in a block of code, whatever stands in it.
func fence(b *bytes.Buffer, language, text string) {
	ticks := "```"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	fmt.Fprintf(b, "%s%s\n%s\n%s\n\n", ticks, language, strings.TrimRight(text, "\n"), ticks)
}
