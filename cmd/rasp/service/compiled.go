package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/runtime/model"
)

// Compiled is what the compiler makes of a program: a model, or the reason why there is none.
type Compiled struct {
	open.Compiled
	Refused *diag.Diagnostic // nil if there is a model
	parts   *model.Names     // nil if the model has no names
}

// Compile compiles the outputs of the program that are named or, if none are, those that it
// says. The error is that of ctx; a program that cannot be compiled is none.
func (s *Snapshot) Compile(ctx context.Context, names ...string) (*Compiled, error) {
	c := &Compiled{}
	program, err := s.parseWhole()
	if err == nil {
		c.Compiled, err = open.Choices{Level: 1, Context: ctx}.Compile(program, names)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var list diag.List
	switch {
	case errors.As(err, &list):
		c.Refused = firstError(list)
	case err != nil:
		c.Refused = open.Diagnose(err)
	default:
		c.parts, _ = c.ReadNames()
	}
	return c, nil
}

func firstError(list diag.List) *diag.Diagnostic {
	i := slices.IndexFunc(list, func(d *diag.Diagnostic) bool { return d.Severity != diag.Warning })
	return list[max(i, 0)]
}

// Compilable reports whether the program says enough to be compiled.
func (s *Snapshot) Compilable() bool {
	says := s.program.File.Directives
	return len(says.Vocab) > 0 && says.Length > 0 && s.faults.Err() == nil && len(s.outputs) > 0
}

// Size says how large the model is: 2 layers, 12,480 parameters.
func (c *Compiled) Size() string {
	parameters, _ := c.Parameters()
	return diag.Count(c.Layers, "layer") + ", " + thousands(parameters) + " parameters"
}

// thousands puts commas into a number.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// where says what computes a node in the model; "" if that is not known.
func (c *Compiled) where(n *graph.Node) string {
	if n == nil || c == nil || c.Refused != nil || c.parts == nil {
		return ""
	}
	var parts []string
	if n.IsSelector() {
		parts = c.heads(func(h model.HeadName) bool { return h.Selector == graph.DescribeSelector(n) })
		if parts == nil {
			return ""
		}
		return "In the model: selects in " + strings.Join(parts, ", ") + "."
	}
	name := c.nameOf(n)
	if name == "" {
		return ""
	}
	if heads := c.heads(func(h model.HeadName) bool { return h.SOp == name }); heads != nil {
		parts = append(parts, "brought by "+strings.Join(heads, ", "))
	}
	if dims := c.dims(name); dims != nil {
		parts = append(parts, "held in "+strings.Join(dims, ", "))
	}
	if parts == nil {
		return ""
	}
	return "In the model: " + strings.Join(parts, "; ") + "."
}

// nameOf is the unique name of a node in the model.
func (c *Compiled) nameOf(n *graph.Node) string {
	switch n.Op {
	case graph.Tokens:
		return "tokens"
	case graph.Indices:
		return "indices"
	}
	name, line, col := graph.Describe(n), n.Span.Line(), n.Span.Col()
	for _, x := range c.parts.SOps {
		if x.Line == line && x.Col == col && (x.Name == name || strings.HasPrefix(x.Name, name+" #")) {
			return x.Name
		}
	}
	return ""
}

// heads are those that are as wanted: layers are counted from 1 and heads from 0, as rasp
// compile --explain does.
func (c *Compiled) heads(wanted func(model.HeadName) bool) (list []string) {
	for l, heads := range c.parts.Heads {
		for i, h := range heads {
			if wanted(h) {
				list = append(list, fmt.Sprintf("layer %d, head %d (%s)", l+1, i, h.Kind))
			}
		}
	}
	return list
}

// dims are the dimensions that hold an s-op, by what writes them.
func (c *Compiled) dims(name string) (list []string) {
	var writers []string
	counts := map[string]int{}
	for _, d := range c.parts.Dims {
		if d.SOp != name {
			continue
		}
		if counts[d.Written] == 0 {
			writers = append(writers, d.Written)
		}
		counts[d.Written]++
	}
	for _, w := range writers {
		list = append(list, fmt.Sprintf("%s of %s", diag.Count(counts[w], "dimension"), halfLayer(w)))
	}
	return list
}

// halfLayer is "blocks.0.mlp" for people.
func halfLayer(written string) string {
	parts := strings.Split(written, ".")
	if len(parts) != 3 {
		return "the embedding"
	}
	l, _ := strconv.Atoi(parts[1])
	if parts[2] == "mlp" {
		return fmt.Sprintf("the MLP of layer %d", l+1)
	}
	return fmt.Sprintf("the attention of layer %d", l+1)
}
