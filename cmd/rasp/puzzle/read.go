package puzzle

import (
	"fmt"
	"strings"

	"rasp/lang"
	"rasp/lang/golden"
	"rasp/lang/value"
	"rasp/stdlib"
)

// read makes a puzzle of its file. The files are part of the program, and tests read
// all of them: one that is wrong is a fault of ours.
func read(e entry) *Puzzle {
	text, err := stdlib.Puzzles.ReadFile("puzzle/" + e.name + ".rasp")
	if err != nil {
		panic(err)
	}
	p := &Puzzle{Name: e.name, Concept: e.concept, answer: e.answer}
	p.readLines(strings.Split(string(text), "\n"))
	p.readDomain()
	if err := p.readGolden(string(text)); err != nil {
		panic(err)
	}
	return p
}

// readLines takes a file apart. Statement, hints and domain come before the solution.
func (p *Puzzle) readLines(lines []string) {
	var solution []string
	statement := true
	for _, line := range lines {
		comment := strings.TrimSpace(strings.TrimPrefix(line, "#"))
		hint, isHint := strings.CutPrefix(line, "#? ")
		switch {
		case isHint:
			p.Hints = append(p.Hints, hint)
		case strings.HasPrefix(line, "#rasp:"):
			p.directives = append(p.directives, line)
		case strings.HasPrefix(line, "#>"), strings.HasPrefix(line, "#="):
		case statement && p.Title == "":
			p.Title = comment
		case statement && strings.HasPrefix(line, "#"):
			p.Statement = append(p.Statement, comment)
		default:
			solution = append(solution, line)
		}
		statement = statement && strings.HasPrefix(line, "#") && !isHint
	}
	if len(p.Statement) > 0 {
		p.Statement = p.Statement[1:] // the blank line below the title
	}
	p.Solution = strings.Join(p.directives, "\n") + "\n\n" + strings.TrimSpace(strings.Join(solution, "\n")) + "\n"
}

// readDomain reads the directives.
func (p *Puzzle) readDomain() {
	program, _ := lang.Parse(p.Name, strings.Join(p.directives, "\n"))
	says := program.File.Directives
	p.Domain, _ = program.Domain()
	p.Output = says.Outputs[0]
	p.Next = p.Output == nextName
	for _, f := range says.Inputs {
		p.forms = append(p.forms, f.Text)
	}
}

// nextName is the output of a solution that says what comes next.
const nextName = "next"

// readGolden reads examples and sizes.
func (p *Puzzle) readGolden(text string) error {
	chunks, err := golden.Read(p.Name, text)
	if err != nil {
		return err
	}
	for _, c := range chunks[0].Cases {
		p.Examples = append(p.Examples, Example{c.Input, p.words(p.expected(c.Input))})
	}
	for _, s := range chunks[0].Sizes {
		for i, name := range s.Names {
			switch name {
			case "layers":
				p.Best.Layers = s.Values[i]
			case "heads":
				p.Best.Heads = s.Values[i]
			case "parameters":
				p.Best.Parameters = s.Values[i]
			}
		}
	}
	p.Best = p.Best.seen()
	if p.Best.Parameters == 0 {
		return fmt.Errorf("puzzle %s has no sizes", p.Name)
	}
	return nil
}

// expected is the answer to an input, by position.
func (p *Puzzle) expected(input []value.Value) []any {
	tokens := make([]string, len(input))
	for i, t := range input {
		tokens[i] = t.Text()
	}
	list := make([]any, len(input))
	for i := range list {
		list[i] = p.answer(tokens, i)
	}
	return list
}
