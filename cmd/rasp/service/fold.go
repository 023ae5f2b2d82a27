package service

// Fold is a piece of the program that can be folded: whole lines, the first stays.
type Fold struct {
	StartLine int    `json:"startLine"`
	EndLine   int    `json:"endLine"`
	Kind      string `json:"kind,omitempty"`
}

// Folds are brackets over several lines, and comments of several lines.
func (s *Snapshot) Folds() []Fold {
	list := []Fold{}
	var open []int // lines
	comment := -1  // the line on which a comment starts, -1 outside of one
	last := -2     // the line of the last comment
	end := func() {
		if comment >= 0 && last > comment {
			list = append(list, Fold{comment, last, "comment"})
		}
		comment = -1
	}
	for _, w := range s.words {
		line := s.Position(w.Span.Start).Line
		switch {
		case isComment(w):
			if comment < 0 || line != last+1 {
				end()
				comment = line
			}
			last = line
			continue
		case w.Is("(", "[", "{"):
			open = append(open, line)
		case w.Is(")", "]", "}") && len(open) > 0:
			start := open[len(open)-1]
			open = open[:len(open)-1]
			if stop := line - 1; stop > start { // the line of the bracket stays
				list = append(list, Fold{StartLine: start, EndLine: stop})
			}
		}
		end()
	}
	end()
	return list
}
