package picture

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rasp/lang/value"
)

// writeText writes the picture for a terminal: a block for each layer, of each
// head the matrix with keys above and queries at the left, rows for the values.
func writeText(b *strings.Builder, p *Picture) {
	fmt.Fprintf(b, "%s\n\ninput\n", p.counts)
	t := &printer{b: b, width: 1}
	for _, r := range p.everything() {
		t.label = max(t.label, utf8.RuneCountInString(r.name))
		for _, v := range r.values {
			t.width = max(t.width, utf8.RuneCountInString(v.Short()))
		}
	}
	t.rows(p.base)
	for i, s := range p.stages {
		if i > 0 {
			fmt.Fprintf(b, "\nlayer %d\n", i)
		}
		for j, h := range s.heads {
			t.head(j+1, h)
		}
		if i > 0 && len(s.rows) > 0 {
			b.WriteByte('\n')
		}
		t.rows(s.rows)
	}
	if p.predicts {
		b.WriteString("\nnext token\n")
		t.rows(p.results)
		return
	}
	b.WriteByte('\n')
	for _, r := range p.results {
		name := p.title
		if len(p.results) > 1 {
			name = r.name
		}
		fmt.Fprintf(b, "%s = %s\n", name, value.FormatSequence(r.values))
	}
}

// printer knows the widths of the columns.
type printer struct {
	b            *strings.Builder
	label, width int
}

func (t *printer) rows(rows []*row) {
	for _, r := range rows {
		text := ""
		if r.expr != "" {
			text = "   " + r.expr
		}
		t.line(r.name, r.values, text)
	}
}

// line is a name, a value for each position, and text behind.
func (t *printer) line(name string, values []value.Value, text string) {
	fmt.Fprintf(t.b, "  %*s  ", t.label, name)
	for _, v := range values {
		fmt.Fprintf(t.b, " %*s", t.width, v.Short())
	}
	t.b.WriteString(text + "\n")
}

func (t *printer) head(number int, h *head) {
	fmt.Fprintf(t.b, "\n  head %d: %s\n", number, h.title())
	for _, k := range h.keys {
		t.line(k.name, k.values, "   keys")
	}
	for i, row := range h.matrix {
		var query []string
		for _, q := range h.queries {
			query = append(query, q.values[i].Short())
		}
		fmt.Fprintf(t.b, "  %*s |", t.label, strings.Join(query, " "))
		for _, on := range row {
			cell := "."
			if on {
				cell = "#"
			}
			fmt.Fprintf(t.b, " %*s", t.width, cell)
		}
		t.b.WriteByte('\n')
	}
	if len(h.queries) > 0 {
		fmt.Fprintf(t.b, "  %*s\n", t.label, "queries: "+joinNames(h.queries))
	}
	for _, g := range h.gathers {
		t.line(g.of.name, g.of.values, "   values")
		t.line(g.result.name, g.result.values, "   "+g.note())
	}
}

func (h *head) title() string {
	switch {
	case h.expr == "":
		return h.name
	case strings.HasPrefix(h.expr, strings.TrimSuffix(h.name, "…")): // it has no name
		return h.expr
	case strings.HasPrefix(h.expr, "in "): // made on the way to something, without a name
		return h.name + " " + h.expr
	}
	return h.name + " = " + h.expr
}

// note says where a result is from.
func (g *gather) note() string {
	text := g.result.expr
	if text == "" {
		text = "result"
	}
	if g.byDefault != "" {
		text += ", by default " + g.byDefault
	}
	return text
}

func joinNames(rows []*row) string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.name
	}
	return strings.Join(names, " ")
}

// everything is every row of the picture.
func (p *Picture) everything() []*row {
	rows := append([]*row(nil), p.base...)
	for _, s := range p.stages {
		for _, h := range s.heads {
			rows = append(append(rows, h.keys...), h.queries...)
			for _, g := range h.gathers {
				rows = append(rows, g.of, g.result)
			}
		}
		rows = append(rows, s.rows...)
	}
	if p.predicts {
		rows = append(rows, p.results...)
	}
	return rows
}
