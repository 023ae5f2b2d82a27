package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"rasp/lang/domain"
	"rasp/lang/spell"
	"rasp/lang/syntax"
	"rasp/lang/value"
)

// Spec says which programs a corpus has.
type Spec struct {
	Seed       uint64             `json:"seed"`
	Candidates int                `json:"candidates"`          // how many programs are drawn
	Rows       int                `json:"rows,omitempty"`      // as many candidates as give so many rows, but no more than Candidates; 0: all
	Enumerate  int                `json:"enumerate,omitempty"` // in place of drawing: all programs of so many operations
	Domains    []Domain           `json:"domains"`             // of which each program has one
	Statements Span               `json:"statements"`          // the fewest and the most that are drawn; some may turn out not to be needed
	Depth      int                `json:"depth"`               // of which each takes what the one before gives, at most; 0: any
	Operations map[string]float64 `json:"operations"`          // how often each is drawn; none: as the grammar has it
	Outputs    []string           `json:"outputs"`             // what programs give: some of OutputSorts
	Optimize   int                `json:"optimize"`            // of the compiler
	Robust     bool               `json:"robust"`              // models that stand noise
	Parameters int                `json:"parameters"`          // of a model, at most
	Short      int                `json:"short"`               // inputs by which programs are told apart: all of the shortest lengths, at most so many
	Long       int                `json:"long"`                // and so many random ones
	Rename     bool               `json:"rename"`              // programs that do the same to other tokens are the same, too
	Dense      bool               `json:"dense"`               // rows have all weights, the zeros too
	Labels     bool               `json:"labels"`              // rows have names of dimensions, heads and neurons
	Block      int                `json:"block"`               // candidates whose rows are in one file
}

// Domain of a program.
type Domain struct {
	Vocab  string `json:"vocab"` // as #rasp:vocab has it; tokens are strings
	Length int    `json:"length"`
	Causal bool   `json:"causal"`

	domain domain.Domain
	tokens []string // as literals
	listed [][]int  // see Spec.listProbes
}

// Span is the least and the most of something: two ints in JSON, which is what decoding an array
// does not see to.
type Span [2]int

// UnmarshalJSON reads a list of two.
func (s *Span) UnmarshalJSON(text []byte) error {
	var list []int
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != len(s) {
		return fmt.Errorf("statements: the fewest and the most, such as [3, 8], not %s", text)
	}
	*s = Span(list)
	return nil
}

// defaults are what a specification that is {} says.
func defaults() Spec {
	return Spec{
		Outputs: OutputSorts(),
		Seed:    1, Candidates: 10_000, Statements: Span{3, 8}, Optimize: 1, Parameters: 100_000, Short: 400, Long: 100, Block: 5_000,
		Domains: []Domain{{Vocab: `"ab"`, Length: 6}, {Vocab: `"abc"`, Length: 8}, {Vocab: `"abcd"`, Length: 8, Causal: true}},
	}
}

// Most is how many candidates there may be, operations in a program, tokens in an input.
const (
	MostCandidates = 1 << 30
	MostStatements = 64
	MostLength     = 256

	MostRows = 1 << 24 // that may be asked for

	mostParameters = 1 << 30 // of a model

	unsaid = math.MinInt // candidates of a specification that does not say how many
	// candidatesOfRow is how many are drawn for a row, at most, where none says. A million rows take
	// seven each; over a domain of two tokens and short inputs there are not many behaviours at all.
	candidatesOfRow = 32
)

// ReadSpec reads a specification: a JSON object, whose members override the defaults.
func ReadSpec(text []byte) (*Spec, error) {
	s := defaults()
	s.Candidates, s.Domains = unsaid, nil // a list is decoded into the one that is there, whose members would stay
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, unknownMember(err)
	}
	if d.More() {
		return nil, fmt.Errorf("there is something behind the object")
	}
	if s.Candidates == unsaid {
		s.Candidates = defaults().Candidates
		if s.Rows > 0 {
			s.Candidates = min(s.Rows, MostRows) * candidatesOfRow
		}
	}
	if s.Domains == nil {
		s.Domains = defaults().Domains
	}
	for i := range s.Domains {
		if err := s.Domains[i].prepare(); err != nil {
			return nil, err
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	s.listProbes()
	return &s, nil
}

// unknownMember names the member that may be meant by one that there is not.
func unknownMember(err error) error {
	name, ok := strings.CutPrefix(err.Error(), `json: unknown field "`)
	if !ok {
		return err
	}
	name = strings.TrimSuffix(name, `"`)
	var all []string
	for _, of := range []reflect.Type{reflect.TypeFor[Spec](), reflect.TypeFor[Domain]()} {
		for i := range of.NumField() {
			if member, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); member != "" {
				all = append(all, member)
			}
		}
	}
	if hint := spell.Nearest(name, all); hint != "" {
		return fmt.Errorf("there is no member %q; did you mean %q?", name, hint)
	}
	return fmt.Errorf("there is no member %q: they are %s", name, strings.Join(all, ", "))
}

func (s *Spec) check() error {
	for _, n := range []struct {
		name            string
		is, least, most int
	}{
		{"candidates", s.Candidates, 1, MostCandidates},
		{"rows", s.Rows, 0, MostRows},
		{"statements, the fewest", s.Statements[0], 1, MostStatements},
		{"statements, the most", s.Statements[1], s.Statements[0], MostStatements},
		{"depth", s.Depth, 0, MostStatements},
		{"optimize", s.Optimize, 0, 2},
		{"parameters", s.Parameters, 1, mostParameters},
		{"short", s.Short, 1, 1 << 20},
		{"long", s.Long, 0, 1 << 20},
		{"block", s.Block, 1, 1 << 20},
		{"domains: how many", len(s.Domains), 1, 1 << 10},
	} {
		if n.is < n.least || n.is > n.most {
			return fmt.Errorf("%s: an int from %d to %d, not %d", n.name, n.least, n.most, n.is)
		}
	}
	if s.Enumerate < 0 || s.Enumerate > MostOperations {
		return fmt.Errorf("enumerate: an int from 0 to %d, not %d", MostOperations, s.Enumerate)
	}
	if s.Enumerate > 0 && len(s.Domains) != 1 {
		return fmt.Errorf("enumerate: over one domain, and there are %d", len(s.Domains))
	}
	if s.Enumerate > 0 && s.Rows > 0 {
		return fmt.Errorf("rows: not with enumerate, which has all programs")
	}
	for _, d := range s.Domains {
		if s.Rename && len(d.tokens) > MostRenamed {
			return fmt.Errorf("rename: of at most %d tokens, and %s are %d", MostRenamed, d.Vocab, len(d.tokens))
		}
	}
	if s.Enumerate > 0 && s.Depth > 0 {
		return fmt.Errorf("depth: not with enumerate, which has one program of each behaviour, however deep")
	}
	if len(s.Outputs) == 0 {
		return fmt.Errorf("outputs: some of %s", strings.Join(OutputSorts(), ", "))
	}
	for _, name := range s.Outputs {
		if !slices.Contains(OutputSorts(), name) {
			return fmt.Errorf("outputs: %q is none of %s", name, strings.Join(OutputSorts(), ", "))
		}
	}
	if name := unknown(s.Operations); name != "" {
		hint := spell.Nearest(name, Operations())
		if hint == "" {
			return fmt.Errorf("operations: %q is none of %s", name, strings.Join(Operations(), ", "))
		}
		return fmt.Errorf("operations: %q is none; did you mean %q?", name, hint)
	}
	for name, w := range s.Operations {
		if !(w >= 0 && w <= 1e6) {
			return fmt.Errorf("operations: the weight of %s is a number from 0 to 1000000, not %g", name, w)
		}
	}
	if list, _ := chosen(s.Operations); len(list) == 0 {
		return fmt.Errorf("operations: all weights are 0")
	}
	return nil
}

// prepare reads the vocabulary.
func (d *Domain) prepare() error {
	vocab, err := syntax.ParseVocab(d.Vocab)
	if err != nil {
		return fmt.Errorf("domains: vocab: %w", err)
	}
	for _, v := range vocab {
		if v.Kind() != value.String {
			return fmt.Errorf("domains: vocab: tokens are strings, and %s is none", v.JSON())
		}
		if literal := v.JSON(); literal != `"`+v.Text()+`"` {
			return fmt.Errorf("domains: vocab: a program cannot write the token %s between quotes", literal)
		}
		d.tokens = append(d.tokens, v.JSON())
	}
	if d.Length < 1 || d.Length > MostLength {
		return fmt.Errorf("domains: length: an int from 1 to %d, not %d", MostLength, d.Length)
	}
	d.domain = domain.Domain{Vocab: vocab, Length: d.Length, Causal: d.Causal}
	return nil
}

// directives are the first lines of a program.
func (d Domain) directives() string {
	text := fmt.Sprintf("#rasp:vocab %s\n#rasp:length %d\n", d.Vocab, d.Length)
	if d.Causal {
		text += "#rasp:causal\n"
	}
	return text
}

// Blocks is in how many files the rows are.
func (s *Spec) Blocks() int { return (s.Candidates + s.Block - 1) / s.Block }

// within are the candidates of a block.
func (s *Spec) within(block int) (from, to int) {
	return block * s.Block, min((block+1)*s.Block, s.Candidates)
}

// text is the specification with all its members, as it is kept.
func (s *Spec) text() []byte {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // it has a JSON form
	}
	return append(text, '\n')
}
