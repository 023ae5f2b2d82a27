package service

import (
	"errors"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/format"
	"rasp/lang/syntax"
)

// Format lays the program out: edits of the lines that change. The error says why a program
// has no layout.
func (s *Snapshot) Format() ([]Edit, error) {
	hunks, lines, err := s.layout()
	if err != nil {
		return nil, err
	}
	return s.edits(hunks, lines), nil
}

// FormatRange lays out the lines of a range, as far as they can be laid out by themselves.
func (s *Snapshot) FormatRange(r Range) ([]Edit, error) {
	hunks, lines, err := s.layout()
	if err != nil {
		return nil, err
	}
	if r.End.Character == 0 && r.End.Line > r.Start.Line {
		r.End.Line--
	}
	hunks = slices.DeleteFunc(hunks, func(h hunk) bool { return max(h.to, h.from+1) <= r.Start.Line || h.from > r.End.Line })
	edits := s.edits(hunks, lines)
	if !sameWords(s.words, syntax.Words(diag.NewSource(s.Name, s.Apply(edits)))) {
		return []Edit{}, nil
	}
	return edits, nil
}

// layout is the difference of the program to its layout, whose lines are given too.
func (s *Snapshot) layout() ([]hunk, []string, error) {
	text, faults := format.Source(s.src)
	if err := faults.Err(); err != nil {
		return nil, nil, errors.New("the program cannot be laid out: " + firstError(faults).Error())
	}
	after := NewText(text, s.encoding).lines()
	return differences(s.lines(), after), after, nil
}

func (s *Snapshot) edits(hunks []hunk, lines []string) []Edit {
	edits := []Edit{}
	for _, h := range hunks {
		text := ""
		for _, line := range lines[h.start:h.stop] {
			text += line
		}
		edits = append(edits, Edit{Range{s.lineStart(h.from), s.lineStart(h.to)}, text})
	}
	return edits
}

// lineStart is where a line starts; after the last one, the end of the text.
func (s *Snapshot) lineStart(n int) Position {
	if n < len(s.starts) {
		return Position{n, 0}
	}
	return s.Position(len(s.text))
}

// sameWords reports whether two texts differ in nothing but their layout.
func sameWords(a, b []syntax.Word) bool {
	return slices.EqualFunc(a, b, func(x, y syntax.Word) bool { return x.Kind == y.Kind && x.Text() == y.Text() })
}
