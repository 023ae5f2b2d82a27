package open

import (
	"strings"

	"rasp/lang/diag"
	"rasp/lang/value"
	"rasp/runtime/form"
	"rasp/runtime/perplexity"
)

// Outside is the fault of an input, in the vocabulary, that is not of the form; nil if it
// is, or if there is no form.
func (v *Vocabulary) Outside(ids []int) error {
	if v == nil || v.Form == nil {
		return nil
	}
	position, ok := v.Form.Leaves(ids)
	switch {
	case ok:
		return nil
	case position == len(ids):
		return Faultf(diag.Domain, "it can go on with "+v.following(ids), "the input ends before it is %s", v.Form.Described())
	}
	return v.Left(ids[:position], ids[position])
}

// Left is the fault of a token with which an input leaves the form.
func (v *Vocabulary) Left(before []int, token int) error {
	return Faultf(diag.Domain, v.expected(before), "%s (position %d) leaves the form of the inputs: %s",
		value.Describe(v.Tokens[token]), len(before), diag.Visible(v.Form.String()))
}

// expected says with what an input of the form goes on.
func (v *Vocabulary) expected(before []int) string {
	state, tokens := v.Form.StateAfter(before), v.following(before)
	switch {
	case tokens == "":
		return "it may end there"
	case v.Form.IsWord(state) && len(before) > 0:
		return "it may end there, or go on with " + tokens
	}
	return "there may stand " + tokens
}

// following lists the tokens that may come next.
func (v *Vocabulary) following(before []int) string {
	const most = 10
	ids, all := v.Form.Follows(v.Form.StateAfter(before), most)
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = v.Tokens[id].JSON()
	}
	if !all {
		names = append(names, "..")
	}
	return strings.Join(names, " ")
}

// ofForm is what is said of texts of a form: of others nothing is promised.
type ofForm struct {
	oracle
	vocab *Vocabulary
}

func ofTheForm(o oracle, v *Vocabulary, f *form.Form) oracle {
	if f == nil {
		return o
	}
	v.Form = f
	return ofForm{o, v}
}

func (s ofForm) Score(windows []perplexity.Window) error {
	for _, w := range windows {
		if err := s.check(w.IDs[:len(w.IDs)-1]); err != nil {
			return err
		}
	}
	return s.oracle.Score(windows)
}

func (s ofForm) Next(ids []int) ([]float64, error) {
	if err := s.check(ids); err != nil {
		return nil, err
	}
	return s.oracle.Next(ids)
}

func (s ofForm) Rows(ids []int, each func(position int, logs []float64) error) error {
	if err := s.check(ids); err != nil {
		return err
	}
	return s.oracle.Rows(ids, each)
}

func (s ofForm) check(ids []int) error {
	if err := s.vocab.Outside(ids); err != nil {
		d := Diagnose(err)
		d.Message = "the text is not one that the program is for: " + d.Message
		return d
	}
	return nil
}
