package generate

import "strings"

// Stops finds the first of several strings in a text that grows piece by piece, however
// it is cut into pieces: the one that is complete first, of several the longest. Of the
// text it holds back what may yet begin one.
type Stops struct {
	strings []string // none of them empty
	held    string
}

// NewStops looks for strings that are not empty.
func NewStops(strings []string) *Stops { return &Stops{strings: strings} }

// Add appends a piece to the text. sure is what has become certain to stand before any of
// the strings, and found the one that the text has come to, or "".
func (s *Stops) Add(piece string) (sure, found string) {
	from := len(s.held)
	s.held += piece
	for end := from + 1; end <= len(s.held); end++ {
		if found = s.endingAt(s.held[:end]); found != "" {
			sure, s.held = s.held[:end-len(found)], ""
			return sure, found
		}
	}
	keep := s.begun()
	sure, s.held = s.held[:len(s.held)-keep], s.held[len(s.held)-keep:]
	return sure, ""
}

// Rest is what is still held back, at the end of the text.
func (s *Stops) Rest() string {
	rest := s.held
	s.held = ""
	return rest
}

// endingAt is the longest string with which a text ends.
func (s *Stops) endingAt(text string) (longest string) {
	for _, stop := range s.strings {
		if len(stop) > len(longest) && strings.HasSuffix(text, stop) {
			longest = stop
		}
	}
	return longest
}

// begun is how many bytes at the end of what is held may begin a string.
func (s *Stops) begun() (longest int) {
	for _, stop := range s.strings {
		for n := min(len(stop)-1, len(s.held)); n > longest; n-- {
			if strings.HasSuffix(s.held, stop[:n]) {
				longest = n
			}
		}
	}
	return longest
}
