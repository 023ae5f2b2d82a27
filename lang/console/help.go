package console

import (
	"io"
	"slices"
	"strings"

	"rasp/lang/elab"
	"rasp/lang/pattern"
	"rasp/lang/spell"
)

var helpLine = pattern.Of(`^\s*help(?:\s+([A-Za-z_][A-Za-z0-9_-]*))?\s*$`)

// help answers "help" and "help NAME", unless a variable has that name. Both
// would be unfinished statements otherwise.
func (c *Console) help(line string) bool {
	match := helpLine().FindStringSubmatch(line)
	if match == nil {
		return false
	}
	if _, ok := c.session.Lookup("help"); ok {
		return false
	}
	if match[1] == "" {
		c.helpList("library", library())
		c.helpList("s-ops of the language", base)
		c.helpList("expressions", forms)
		c.helpList("commands", commands)
		return true
	}
	c.helpOn(match[1])
	return true
}

func (c *Console) helpList(title string, list []entry) {
	const width = 32
	c.printf("%s\n", title)
	for _, e := range list {
		c.printf("  %s%s %s\n", c.value(e.signature), strings.Repeat(" ", max(0, width-len(e.signature))), e.line())
	}
}

// Describe writes what help NAME says of a word of the language, a name of the library or a
// directive, with #rasp: or without; false if it is none.
func Describe(w io.Writer, name string) bool {
	c := &Console{out: w}
	known := c.helpKnown(name)
	return c.helpDirective(name) || known
}

// helpDirective says all about a directive.
func (c *Console) helpDirective(name string) bool {
	name = strings.TrimPrefix(name, "#rasp:")
	i := slices.IndexFunc(directives, func(e entry) bool { return e.name == name })
	if i >= 0 {
		c.helpEntry(directives[i])
	}
	return i >= 0
}

// Names are those that Describe knows.
func Names() []string {
	var names []string
	for _, e := range slices.Concat(library(), base, forms, commands, directives) {
		names = append(names, e.name)
	}
	return names
}

// helpKnown says all about a name that the user did not bind.
func (c *Console) helpKnown(name string) bool {
	for _, list := range [][]entry{library(), base, forms, commands} {
		if i := slices.IndexFunc(list, func(e entry) bool { return e.name == name }); i >= 0 {
			c.helpEntry(list[i])
			return true
		}
	}
	return false
}

// helpOn says all about a name.
func (c *Console) helpOn(name string) {
	if c.helpBound(name) || c.helpKnown(name) || c.helpDirective(name) {
		return
	}
	names := Names()
	for _, b := range c.session.Bindings() {
		names = append(names, b.Name)
	}
	c.printf("%s\n", c.wrong("there is no "+name))
	if near := spell.Nearest(name, names); near != "" {
		c.printf("      = hint: did you mean %s?\n", near)
	}
}

func (c *Console) helpEntry(e entry) {
	c.printf("%s\n", c.value(e.signature))
	for _, line := range strings.Split(e.doc, "\n") {
		c.printf("  %s\n", line)
	}
	if e.source != "" {
		c.printf("\n%s\n", e.source)
	}
}

// helpBound describes a name that the user bound.
func (c *Console) helpBound(name string) bool {
	for _, b := range c.session.Bindings() {
		if b.Name != name {
			continue
		}
		if f, ok := b.Value.(*elab.Function); ok {
			c.printf("%s\n\n%s\n", c.value(signature(f)), f.Def.Span().Text())
			return true
		}
		place := ""
		if src := b.Span.Source; src != nil && src.Name != "console" {
			place = " of " + b.Span.String()
		}
		c.printf("%s: %s%s\n", c.value(name), elab.KindOf(b.Value), place)
		if src := b.Span.Source; src != nil {
			c.printf("\n%s\n", strings.TrimSpace(src.Line(b.Span.Line())))
		}
		return true
	}
	return false
}
