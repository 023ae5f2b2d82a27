package picture

import (
	"bytes"
	"fmt"
	"strings"
)

// writeDot writes the picture in the language of Graphviz: a cluster for each
// layer, a table for each head and each s-op, and an edge for each use.
func writeDot(b *bytes.Buffer, p *Picture) {
	d := &dot{b: b, ids: map[*row]string{}}
	fmt.Fprintf(b, "digraph flow {\n  label=%s; labelloc=t; fontname=Helvetica;\n  node [shape=plain, fontname=Helvetica];\n", quoted(p.title+"\n"+p.counts))
	d.cluster("input", func() { d.rows(p.base); d.rows(p.stages[0].rows) })
	for i, s := range p.stages[1:] {
		d.cluster(fmt.Sprintf("layer %d", i+1), func() {
			for j, h := range s.heads {
				d.head(fmt.Sprintf("head_%d_%d", i+1, j+1), j+1, h)
			}
			d.rows(s.rows)
		})
	}
	if p.predicts {
		d.cluster("next token", func() { d.rows(p.results) })
	}
	for _, e := range d.edges {
		b.WriteString("  " + e + ";\n")
	}
	b.WriteString("}\n")
}

type dot struct {
	b        *bytes.Buffer
	ids      map[*row]string // of nodes, or ports of nodes
	edges    []string
	clusters int
}

func (d *dot) cluster(name string, content func()) {
	d.clusters++
	fmt.Fprintf(d.b, "  subgraph cluster_%d {\n    label=%s; style=filled; color=%s; fillcolor=%s;\n", d.clusters, quoted(name), quoted(laneLine), quoted(laneFill))
	content()
	d.b.WriteString("  }\n")
}

func (d *dot) rows(rows []*row) {
	for _, r := range rows {
		id := fmt.Sprintf("s%d", len(d.ids)+1)
		d.ids[r] = id
		fmt.Fprintf(d.b, "    %s [label=<%s>];\n", id, table("<tr>"+named(r, "", resultFill)+"</tr>"))
		for _, read := range r.reads {
			d.edge(read, id)
		}
	}
}

func (d *dot) edge(from *row, to string) {
	if id := d.ids[from]; id != "" {
		d.edges = append(d.edges, id+" -> "+to)
	}
}

func (d *dot) head(id string, number int, h *head) {
	var rows strings.Builder
	columns := 1 + len(h.queries) + len(h.matrix) + len(h.gathers)
	fmt.Fprintf(&rows, `<tr><td colspan="%d" border="0"><b>head %d</b> %s</td></tr>`, columns, number, escape(h.title()))
	blank := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf(`<td colspan="%d" border="0"></td>`, n)
	}
	for i, k := range h.keys {
		port := fmt.Sprintf("k%d", i)
		d.edge(k, id+":"+port)
		rows.WriteString("<tr>" + blank(len(h.queries)) + named(k, port, keyFill) + blank(len(h.gathers)) + "</tr>")
	}
	rows.WriteString("<tr>")
	for i, q := range h.queries {
		d.edge(q, fmt.Sprintf("%s:q%d", id, i))
		fmt.Fprintf(&rows, `<td port="q%d" border="0">%s</td>`, i, escape(q.name))
	}
	rows.WriteString(blank(1 + len(h.matrix)))
	for i, g := range h.gathers {
		port := fmt.Sprintf("r%d", i)
		d.ids[g.result] = id + ":" + port
		fmt.Fprintf(&rows, `<td port="%s" border="0"><b>%s</b></td>`, port, colored(g.result))
	}
	rows.WriteString("</tr>")
	for i, selects := range h.matrix {
		rows.WriteString("<tr>")
		for _, q := range h.queries {
			rows.WriteString(cell(q.values[i].Short(), queryFill))
		}
		rows.WriteString(blank(1))
		for _, on := range selects {
			fill := ground
			if on {
				fill = selected
			}
			rows.WriteString(cell(" ", fill))
		}
		for _, g := range h.gathers {
			rows.WriteString(cell(g.result.values[i].Short(), resultFill))
		}
		rows.WriteString("</tr>")
	}
	for i, g := range h.gathers {
		port := fmt.Sprintf("v%d", i)
		d.edge(g.of, id+":"+port)
		rows.WriteString("<tr>" + blank(len(h.queries)) + named(g.of, port, valueFill) + blank(len(h.gathers)) + "</tr>")
	}
	fmt.Fprintf(d.b, "    %s [label=<%s>];\n", id, table(rows.String()))
}

// named is the name of a row and its values, as cells.
func named(r *row, port, fill string) string {
	if port != "" {
		port = fmt.Sprintf(` port="%s"`, port)
	}
	text := fmt.Sprintf(`<td border="0"%s align="right">%s </td>`, port, colored(r))
	for _, v := range r.values {
		text += cell(v.Short(), fill)
	}
	return text
}

// colored is the name of a row, in a colour of its own if it is a result.
func colored(r *row) string {
	if r.result {
		return fmt.Sprintf(`<font color="%s">%s</font>`, rootLine, escape(r.name))
	}
	return escape(r.name)
}

func cell(text, fill string) string {
	if text == "" {
		text = " "
	}
	return fmt.Sprintf(`<td bgcolor="%s">%s</td>`, fill, escape(text))
}

func table(rows string) string {
	return fmt.Sprintf(`<table border="0" cellborder="1" cellspacing="0" color="%s">%s</table>`, headLine, rows)
}

// quoted is a string of Graphviz.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
