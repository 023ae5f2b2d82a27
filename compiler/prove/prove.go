// Package prove proves that a model is its program, for every input of its domain,
// and knows nothing of how the compiler came by it.
//
// In comes a model with its text and its witness; out comes a verdict with all that
// was shown on the way. The package executes the weights over the meaning of the
// program: a column of the residual stream is a table over variables that the
// interpreter defines, and what it stands for is asked at two places only, where a
// head chooses its keys and where an output is read. docs/proof.md has the theorem,
// the lemmas, and what has to be trusted.
package prove

import (
	"context"
	"fmt"
	"io"
	"strings"

	"rasp/runtime/model"
)

// Options of a proof. The zero value is fit for use.
type Options struct {
	// Progress is told how many steps (s-ops, half layers and outputs, of each attempt) are done,
	// if it is not nil. The first attempt that finds a proof is the last.
	Progress func(done, total int)
	// Context ends the proof with its error; nil: it is never ended.
	Context context.Context
	// States is the most states of a table, 0: 2^22. Pairs is the most pairs of states
	// that one question may look at, 0: 2^28.
	States, Pairs int
}

// Verdict on a model.
type Verdict string

const (
	Proved  Verdict = "proved"     // the model is its program, for every input
	Open    Verdict = "not proved" // no proof was found: see Reason
	Refuted Verdict = "refuted"    // it is not: Reason has an input on which the two differ
)

// How an obligation was met.
type How string

// ByProof is the only way: nothing is assumed.
const ByProof How = "proved"

// Place in the program text; the zero Place is nowhere.
type Place struct {
	File string `json:"file,omitempty"` // "" for the program, else a file that it loads, or library.rasp
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// Obligation is a step of the proof.
type Obligation struct {
	Kind   string `json:"kind"` // "header", "embedding", "head", "mlp", "lemma", "read-out"
	How    How    `json:"how"`
	Text   string `json:"text"`            // what was shown, a sentence
	Name   string `json:"name,omitempty"`  // of the s-op or selector that it is about
	Layer  int    `json:"layer,omitempty"` // from 1; 0 for none
	Head   int    `json:"head,omitempty"`  // from 1; 0 for none
	States int    `json:"states,omitempty"`
	Pairs  int    `json:"pairs,omitempty"`
	// Margin is by how much the closest case holds; 0 where nothing was compared. Of a head
	// it is how far a score is below one that must stand above it, by the least that will
	// do; of a read-out how far the right logit is above the next, in roundings of float32.
	Margin float64 `json:"margin,omitempty"`
	Place
}

// Reason for a verdict other than Proved.
type Reason struct {
	Text string `json:"text"`
	Name string `json:"name,omitempty"` // of the s-op or selector that it is about
	Place
	// Of a refutation: a list of tokens as JSON, the output and position where the two
	// differ, and what they give there.
	Input    string `json:"input,omitempty"`
	Output   string `json:"output,omitempty"`
	Position int    `json:"position,omitempty"`
	Program  string `json:"program,omitempty"`
	Model    string `json:"model,omitempty"`
}

// Bound is how far an output can be from the program's, rounded up: of a number
// absolutely, of a probability by its share. Classes are exact.
type Bound struct {
	Output string  `json:"output"`
	Kind   string  `json:"kind"` // "classes", "number", "probability"
	Within float64 `json:"within"`
}

// Result of a proof.
type Result struct {
	Verdict     Verdict      `json:"verdict"`
	Reason      *Reason      `json:"reason,omitempty"` // of Open and Refuted
	Length      int          `json:"length"`           // the longest input
	Bounds      []Bound      `json:"bounds,omitempty"` // by output, of Proved
	Obligations []Obligation `json:"obligations"`
	// Failing is where the program may have no value: the theorem is about inputs on
	// which it has one.
	Failing []string `json:"failing,omitempty"`
	// Tried is on how many inputs model and interpreter were compared where no proof was
	// found; the package itself runs no model.
	Tried int `json:"tried,omitempty"`
	// Inputs is the form of the inputs that this is about, "" for all.
	Inputs string `json:"inputs,omitempty"`

	of string // the same in a sentence, and a blank
}

// Prove checks a model against the program that it holds. The error is that of a
// cancelled context, or says what the model lacks: text or witness.
func Prove(m *model.Model, options Options) (*Result, error) {
	return prove(m, defaults(options))
}

// Claim is the verdict as a sentence.
func (r *Result) Claim() string {
	if r.Verdict == Proved {
		text := fmt.Sprintf("proved: the model is its program for every input %sup to length %d", r.of, r.Length)
		if len(r.Failing) > 0 {
			text += " on which the program has a value"
		}
		return text
	}
	text := fmt.Sprintf("%s: %s", r.Verdict, r.Reason.Text)
	if at := r.Reason.Place.String(); at != "" {
		text += " (" + at + ")"
	}
	if r.Verdict == Open && r.Tried > 0 {
		text += fmt.Sprintf("; no difference on the %d inputs that were tried", r.Tried)
	}
	return text
}

// legend is for those who read neither the help nor docs/proof.md.
const legend = "a pair is a state of a key and one of a query; a margin is by what factor the closest case holds, of a read-out by how many roundings"

// Write prints the result, an obligation a line.
func (r *Result) Write(w io.Writer) error {
	var b strings.Builder
	for _, o := range r.Obligations {
		fmt.Fprintf(&b, "%-9s %s", o.Kind, o.Text)
		var about []string
		if at := o.Place.String(); at != "" {
			about = append(about, at)
		}
		if o.States > 0 {
			about = append(about, fmt.Sprintf("%d states", o.States))
		}
		if o.Pairs > 0 {
			about = append(about, fmt.Sprintf("%d pairs", o.Pairs))
		}
		switch {
		case o.Margin == 0:
		case o.Kind == "read-out":
			about = append(about, fmt.Sprintf("margin %.3g roundings", o.Margin))
		default:
			about = append(about, fmt.Sprintf("margin %.3g", o.Margin))
		}
		if len(about) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(about, ", "))
		}
		b.WriteByte('\n')
	}
	for _, f := range r.Failing {
		fmt.Fprintf(&b, "%-9s the program may fail, as far as states tell: %s\n", "doubt", f)
	}
	for _, bound := range r.Bounds {
		switch {
		case bound.Kind == "classes":
		case bound.Within == 0:
			fmt.Fprintf(&b, "%-9s %s: the program's exactly\n", bound.Kind, bound.Output)
		default:
			fmt.Fprintf(&b, "%-9s %s: within %g of the program's%s\n", bound.Kind, bound.Output, bound.Within, map[string]string{"probability": ", relative"}[bound.Kind])
		}
	}
	if len(r.Obligations) > 0 {
		fmt.Fprintf(&b, "%-9s %s\n", "legend", legend)
	}
	fmt.Fprintln(&b, r.Claim())
	_, err := io.WriteString(w, b.String())
	return err
}
