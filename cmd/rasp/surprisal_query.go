package main

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/text"
)

// surprisalQuery is a line for each text or sentence, as the query of KenLM prints it with
// -v word -v sentence: token=id order log10 for each token, then their sum and how many are
// not in the vocabulary. Logarithms have the digits of float32, as there.
type surprisalQuery struct {
	to    io.Writer
	texts open.Texts
	begun bool
	total float64
	oov   int
}

func (s *surprisalQuery) token(t *text.Token, log float64, order int) error {
	if t.Begins {
		s.finish()
		s.begun = true
	}
	if math.IsNaN(log) {
		return nil
	}
	s.total += log
	if t.Unknown {
		s.oov++
	}
	decided := "-"
	if order > 0 {
		decided = strconv.Itoa(order)
	}
	_, err := fmt.Fprintf(s.to, "%s=%d %s %s\t", diag.Visible(s.texts.Names[t.ID]), t.ID, decided, log10(log))
	return err
}

func (s *surprisalQuery) finish() {
	if s.begun {
		fmt.Fprintf(s.to, "Total: %s OOV: %d\n", log10(s.total), s.oov)
	}
	s.begun, s.total, s.oov = false, 0, 0
}

func (s *surprisalQuery) end() {
	s.finish()
	fmt.Fprintln(s.to)
}

// log10 of a natural logarithm.
func log10(log float64) string { return strconv.FormatFloat(0+log/math.Ln10, 'g', -1, 32) }
