package format

import (
	"math"
	"strings"
	"unicode/utf8"
)

// A doc is text with places where it may break, after Wadler's "A prettier
// printer". The outermost groups break first.
type doc any

type (
	text string
	cat  []doc
	// line is a blank, or nothing if soft, where its group stands on one line,
	// and a line break where it does not. A hard line always breaks.
	line struct{ soft, hard bool }
	// nest indents the lines within.
	nest struct{ of doc }
	// group is on one line if it fits, else all of its own lines break.
	group struct {
		of     doc
		forced bool // holds a hard line
	}
	// unbroken is on one line whether it fits or not; it has no hard lines.
	unbroken struct{ of doc }
	// fill has items with lines between that break one by one, as words do.
	fill []doc
)

const indentation = 4

func grouped(of ...doc) doc { return group{cat(of), forced(cat(of))} }

// forced tells whether d holds a hard line.
func forced(d doc) bool {
	switch d := d.(type) {
	case line:
		return d.hard
	case nest:
		return forced(d.of)
	case group:
		return d.forced
	case cat:
		for _, part := range d {
			if forced(part) {
				return true
			}
		}
	}
	return false
}

// piece is a doc that waits to be printed.
type piece struct {
	doc
	indent int
	flat   bool // on one line
}

// oneLine prints a doc without hard lines.
func oneLine(d doc) string { return layout(grouped(d), 0, math.MaxInt) }

// layout prints d in lines of up to width characters, where that is possible.
// The first line starts at column indent; the later ones have their indentation
// before them.
func layout(d doc, indent, width int) string {
	var b strings.Builder
	column := indent
	stack := []piece{{d, indent, false}}
	push := func(d doc, p piece) { stack = append(stack, piece{d, p.indent, p.flat}) }
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch d := p.doc.(type) {
		case text:
			b.WriteString(string(d))
			column += utf8.RuneCountInString(string(d))
		case line:
			switch {
			case !p.flat:
				b.WriteString("\n" + strings.Repeat(" ", p.indent))
				column = p.indent
			case !d.soft:
				b.WriteByte(' ')
				column++
			}
		case nest:
			stack = append(stack, piece{d.of, p.indent + indentation, p.flat})
		case cat:
			for i := len(d) - 1; i >= 0; i-- {
				push(d[i], p)
			}
		case group:
			p.flat = p.flat || !d.forced && fits(width-column, d.of, stack)
			push(d.of, p)
		case unbroken:
			p.flat = true
			push(d.of, p)
		case fill:
			if len(d) == 1 {
				push(d[0], p)
				continue
			}
			item, between, next := d[0], d[1], d[2]
			push(d[2:], p)
			flat := p.flat || fits(width-column, cat{item, text(" "), next}, nil)
			stack = append(stack, piece{between, p.indent, flat})
			push(item, p)
		}
	}
	return b.String()
}

// fits tells whether d on one line, with what follows up to the next line
// break, takes at most room characters.
func fits(room int, d doc, rest []piece) bool {
	stack := []piece{{d, 0, true}}
	for room >= 0 {
		if len(stack) == 0 {
			if len(rest) == 0 {
				return true
			}
			stack = append(stack, rest[len(rest)-1])
			rest = rest[:len(rest)-1]
		}
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch d := p.doc.(type) {
		case text:
			room -= utf8.RuneCountInString(string(d))
		case line:
			if !p.flat {
				return true
			}
			if !d.soft {
				room--
			}
		case nest:
			stack = append(stack, piece{d.of, 0, p.flat})
		case group:
			stack = append(stack, piece{d.of, 0, p.flat})
		case unbroken:
			stack = append(stack, piece{d.of, 0, true})
		case cat:
			for i := len(d) - 1; i >= 0; i-- {
				stack = append(stack, piece{d[i], 0, p.flat})
			}
		case fill:
			for i := len(d) - 1; i >= 0; i-- {
				stack = append(stack, piece{d[i], 0, p.flat})
			}
		}
	}
	return false
}
