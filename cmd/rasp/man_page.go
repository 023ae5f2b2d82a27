package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A manual page in the macros of man(7): what rasp help prints of a command, for troff.

// pageOf names the page of a command, as in rasp-scaling-fit.
func pageOf(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// roffPage is the page of a command, in section 1.
func roffPage(cmd *cobra.Command) string {
	cmd.InitDefaultHelpFlag()
	var b strings.Builder
	name := pageOf(cmd)
	fmt.Fprintf(&b, ".TH %s 1 \"\" rasp rasp\n", roff(strings.ToUpper(name)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n%s\n", inBold(cmd.UseLine()))
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s", roffText(cmp.Or(cmd.Long, cmd.Short)))
	if cmd.HasAvailableLocalFlags() {
		b.WriteString(".SH OPTIONS\n")
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { b.WriteString(roffFlag(f)) })
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, ".SH EXAMPLES\n%s", asItStands(strings.Split(cmd.Example, "\n")))
	}
	fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", strings.Join(seeAlso(cmd), ",\n"))
	return b.String()
}

// seeAlso are the pages of the command above and of those below, which come sorted.
func seeAlso(cmd *cobra.Command) []string {
	var pages []string
	if cmd.HasParent() {
		pages = append(pages, inBold(pageOf(cmd.Parent()))+"(1)")
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			pages = append(pages, inBold(pageOf(c))+"(1)")
		}
	}
	return pages
}

// roffFlag is a flag with what it takes, and below it what it does.
func roffFlag(f *pflag.Flag) string {
	if f.Hidden {
		return ""
	}
	spelt := inBold("--" + f.Name)
	if f.Shorthand != "" {
		spelt = inBold("-"+f.Shorthand) + ", " + spelt
	}
	takes, usage := pflag.UnquoteUsage(f)
	switch {
	case takes == "":
	case f.NoOptDefVal != "": // it may be left out
		spelt += `[=\fI` + roff(takes) + `\fR]`
	default:
		spelt += ` \fI` + roff(takes) + `\fR`
	}
	switch {
	case slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue): // as good as none
	case f.Value.Type() == "string":
		usage += fmt.Sprintf(" (default %q)", f.DefValue)
	default:
		usage += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	return fmt.Sprintf(".TP\n%s\n%s\n", spelt, roff(usage))
}

// roffText sets paragraphs, which blank lines part; lines that are set in stay as they stand.
func roffText(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		lines := strings.Split(paragraph, "\n")
		if title, is := strings.CutPrefix(lines[0], "#### "); is { // in the help of completion
			fmt.Fprintf(&b, ".SS %s\n", roff(title))
			lines = lines[1:]
		} else if i > 0 {
			b.WriteString(".PP\n")
		}
		for len(lines) > 0 {
			n := slices.IndexFunc(lines, func(line string) bool { return setIn(line) != setIn(lines[0]) })
			if n < 0 {
				n = len(lines)
			}
			if setIn(lines[0]) {
				b.WriteString(asItStands(lines[:n]))
			} else {
				b.WriteString(roff(strings.Join(lines[:n], "\n")) + "\n")
			}
			lines = lines[n:]
		}
	}
	return b.String()
}

func setIn(line string) bool { return strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t") }

// asItStands sets lines without filling them.
func asItStands(lines []string) string {
	return ".EX\n" + roff(strings.Join(lines, "\n")) + "\n.EE\n"
}

func inBold(s string) string { return `\fB` + roff(s) + `\fR` }

// literally spells what troff would take for a command or set as another character: a hyphen
// for a minus, curly quotes for straight ones.
var literally = strings.NewReplacer(
	`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "\n.", "\n\\&.",
)

// roff is a text for troff to print as it is.
func roff(s string) string {
	return strings.TrimPrefix(literally.Replace("\n"+s), "\n")
}
