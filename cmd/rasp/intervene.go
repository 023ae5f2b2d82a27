package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/jsonerr"
	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/runtime/text"
)

type interveneFlags struct {
	ablate, patch, set []string
	from               string
	inputs             string
	json, logits       bool
	domain             domainFlags
}

func interveneCommand() *cobra.Command {
	var f interveneFlags
	cmd := &cobra.Command{
		Use:   "intervene FILE [INPUT]",
		Short: "Change what a model holds, and show what becomes of its outputs and s-ops",
		Long: `Change what a model holds, and show what becomes of its outputs and s-ops.

FILE is a compiled model (.safetensors), a program (.rasp) or the name of a
ready-made program (rasp list). Heads are LAYER.HEAD, from 0, such as 0.1, and
"dim 12" and "neuron 0.7" are parts by number; all go by their names too (rasp
info --json). Positions count from 0. Where s-ops are set, the
program is interpreted with the same set, and the two are compared: the exit
status is 1 if they differ. With --inputs each line of the file is an object
such as {"input": "cab", "set": [{"sop": "place", "position": 0, "value": "1"}]},
with the lists ablate (part, how), patch (name, position, from) and set, from, and
logits, true for those after the intervention.`,
		Example: `  rasp intervene sort cab --ablate 0.1
  rasp intervene sort cab --ablate 0.1=resample --from bca
  rasp intervene sort cab --patch place@0=abc
  rasp intervene sort cab --set tokens@0=b`,
		Args: files("FILE", 2),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringArrayVar(&f.ablate, "ablate", nil, "L.H, \"dim D\", \"neuron L.N\" or a NAME, with =zero (the default), =mean or =resample")
	cmd.Flags().StringArrayVar(&f.patch, "patch", nil, "NAME@POSITION=INPUT: what stands there on another input")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "SOP@POSITION=VALUE: an s-op that the model holds")
	cmd.Flags().StringVar(&f.from, "from", "", "the input from which =resample takes")
	cmd.Flags().StringVar(&f.inputs, "inputs", "", "read interventions from a file, a JSON object a line; - is stdin; results are JSON lines")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&f.logits, "logits", false, "with --json: the logits after the intervention, too")
	f.domain.register(cmd)
	return cmd
}

func (f *interveneFlags) run(cmd *cobra.Command, args []string) error {
	if (len(args) == 2) == (f.inputs != "") {
		return usagef("an INPUT is text, such as hello, or a JSON list", "give an INPUT after FILE, or --inputs with a file of interventions")
	}
	m, err := f.domain.model(cmd, args[0], "")
	if err != nil {
		return err
	}
	x, err := inside.New(m)
	if err != nil {
		return err
	}
	if f.inputs != "" {
		return f.stream(cmd, x)
	}
	v, err := f.intervention(x)
	if err != nil {
		return err
	}
	v.Logits = f.logits
	input, err := open.InputOf(x.Model, args[1])
	if err != nil {
		return err
	}
	e, err := x.Intervene(input, v)
	if err != nil {
		return err
	}
	if f.json {
		err = writeJSON(cmd.OutOrStdout(), e)
	} else {
		err = writeText(cmd.OutOrStdout(), effectText(e))
	}
	if err == nil && e.Agree != nil && !*e.Agree && e.Outside == "" {
		return errFailed
	}
	return err
}

// intervention is what the flags say.
func (f *interveneFlags) intervention(x *inside.Model) (v inside.Intervention, err error) {
	if len(f.ablate)+len(f.patch)+len(f.set) == 0 {
		return v, usagef("--ablate 0.0 takes away a head", "give --ablate, --patch or --set")
	}
	for _, a := range f.ablate {
		v.Ablate = append(v.Ablate, ablationOf(a))
	}
	for _, text := range f.patch {
		name, position, from, err := placed("--patch", text)
		if err != nil {
			return v, err
		}
		p := inside.Patch{Name: name, Position: position}
		if p.From, err = open.InputOf(x.Model, from); err != nil {
			return v, err
		}
		v.Patch = append(v.Patch, p)
	}
	if v.Set, err = settings(f.set); err != nil {
		return v, err
	}
	if f.from != "" {
		v.From, err = open.InputOf(x.Model, f.from)
	}
	return v, err
}

// ablationOf reads PART=HOW; a name may have = in it.
func ablationOf(text string) inside.Ablation {
	for _, how := range []string{"zero", "mean", "resample"} {
		if part, ok := strings.CutSuffix(text, "="+how); ok {
			return inside.Ablation{Part: part, How: how}
		}
	}
	return inside.Ablation{Part: text}
}

// atPosition is NAME@POSITION=REST; a name may have either sign in it.
var atPosition = pattern.Of(`(?s)^(.+?)@([0-9]+)=(.*)$`)

func placed(flag, text string) (name string, position int, rest string, err error) {
	found := atPosition().FindStringSubmatch(text)
	if found == nil {
		return "", 0, "", usagef("positions count from 0, such as place@0=1", "%s: %s is not NAME@POSITION=..", flag, text)
	}
	position, err = strconv.Atoi(found[2])
	if err != nil {
		return "", 0, "", usagef("", "%s: %s is no position", flag, found[2])
	}
	return found[1], position, found[3], nil
}

// settings reads the arguments of --set.
func settings(texts []string) (list []inside.Setting, err error) {
	for _, text := range texts {
		sop, position, literal, err := placed("--set", text)
		if err != nil {
			return nil, err
		}
		list = append(list, inside.Setting{SOp: sop, Position: position, Value: inside.Literal(literal)})
	}
	return list, nil
}

// asked is a line of --inputs.
type asked struct {
	Input  json.RawMessage   `json:"input"`
	Ablate []inside.Ablation `json:"ablate"`
	Patch  []struct {
		Name     string          `json:"name"`
		Position *int            `json:"position"`
		From     json.RawMessage `json:"from"`
	} `json:"patch"`
	Set []struct {
		SOp      string          `json:"sop"`
		Position *int            `json:"position"`
		Value    *inside.Literal `json:"value"`
	} `json:"set"`
	From   json.RawMessage `json:"from"`
	Logits bool            `json:"logits"`
}

// failedEffect is the result of a line that cannot be done.
type failedEffect struct {
	Error string `json:"error"`
	Hint  string `json:"hint,omitempty"`
}

// stream does the interventions of the lines of a file; a fault in one does not keep the
// next from being done.
func (f *interveneFlags) stream(cmd *cobra.Command, x *inside.Model) error {
	from, err := text.Open(f.inputs, cmd.InOrStdin())
	if err != nil {
		return err
	}
	defer from.Close()
	failed := false
	for batch, err := range text.Lines(cmd.Context(), from) {
		if err != nil {
			return err
		}
		for _, line := range batch {
			e, err := effectOf(x, line)
			if err != nil {
				failed = true
				d := open.Diagnose(err)
				if err := writeJSON(cmd.OutOrStdout(), failedEffect{d.Message, d.Hint}); err != nil {
					return err
				}
				continue
			}
			failed = failed || e.Agree != nil && !*e.Agree && e.Outside == ""
			if err := writeJSON(cmd.OutOrStdout(), e); err != nil {
				return err
			}
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// effectOf a line.
func effectOf(x *inside.Model, line string) (*inside.Effect, error) {
	a, err := askedBy(line)
	if err != nil {
		return nil, err
	}
	input, err := jsonInput(x.Model, a.Input)
	if err != nil {
		return nil, err
	}
	v := inside.Intervention{Ablate: a.Ablate, Logits: a.Logits}
	for _, p := range a.Patch {
		if p.Position == nil || p.From == nil {
			return nil, missing("a patch has name, position and from")
		}
		from, err := jsonInput(x.Model, p.From)
		if err != nil {
			return nil, err
		}
		v.Patch = append(v.Patch, inside.Patch{Name: p.Name, Position: *p.Position, From: from})
	}
	for _, s := range a.Set {
		if s.Position == nil || s.Value == nil {
			return nil, missing("a setting has sop, position and value")
		}
		v.Set = append(v.Set, inside.Setting{SOp: s.SOp, Position: *s.Position, Value: *s.Value})
	}
	if a.From != nil {
		if v.From, err = jsonInput(x.Model, a.From); err != nil {
			return nil, err
		}
	}
	return x.Intervene(input, v)
}

// missing is the fault of a line without something.
func missing(what string) error {
	return open.Faultf(diag.Syntax, `such as {"input": "cab", "set": [{"sop": "place", "position": 0, "value": 1}]}`, "%s", what)
}

// askedBy reads a line.
func askedBy(line string) (a asked, err error) {
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	err = d.Decode(&a)
	switch {
	case strings.TrimSpace(line) == "":
		return a, missing("the line is empty")
	case err != nil:
		return a, missing("the line is no intervention: " + jsonerr.Text(err))
	case d.More():
		return a, missing("something follows the object")
	case a.Input == nil:
		return a, missing("the line has no input")
	}
	return a, nil
}

// jsonInput is a string, one token a character, or a list.
func jsonInput(m *model.Model, raw json.RawMessage) ([]value.Value, error) {
	var characters string
	if json.Unmarshal(raw, &characters) == nil {
		return open.InputOf(m, characters)
	}
	return open.InputOf(m, string(raw))
}

// effectText is an effect for people.
func effectText(e *inside.Effect) string {
	var b strings.Builder
	row := func(tokens []model.Token) string {
		var list []string
		for _, t := range tokens {
			list = append(list, inside.TokenText(t))
		}
		return strings.Join(list, " ")
	}
	for o, name := range e.Names {
		fmt.Fprintf(&b, "%s before  %s\n%s after   %s\n", name, row(e.Before[o]), name, row(e.After[o]))
		if o < len(e.Program) {
			fmt.Fprintf(&b, "%s program %s\n", name, row(e.Program[o]))
		}
	}
	const most = 12
	fmt.Fprintf(&b, "changed: %s\n", diag.Count(len(e.Changed), "value"))
	for _, c := range e.Changed[:min(most, len(e.Changed))] {
		fmt.Fprintf(&b, "  %s @%d: %s -> %s\n", c.SOp, c.Position, c.Before, c.After)
	}
	if len(e.Changed) > most {
		fmt.Fprintf(&b, "  and %d more (--json)\n", len(e.Changed)-most)
	}
	writeVerdict(&b, e)
	return b.String()
}

func writeVerdict(b io.Writer, e *inside.Effect) {
	switch {
	case e.Fault != "":
		fmt.Fprintf(b, "the program has no value: %s\n", e.Fault)
	case e.Agree == nil:
	case *e.Agree:
		fmt.Fprintln(b, "model and program agree in each s-op that the model holds")
	default:
		d := e.Differ[0]
		fmt.Fprintf(b, "model and program differ in %s, first %s @%d: %s, and %s in the program\n", diag.Count(len(e.Differ), "value"), d.Name, d.Position, d.Model, inside.TokenText(d.Program))
	}
	if e.Note != "" {
		fmt.Fprintln(b, e.Note)
	}
	if e.Outside != "" {
		fmt.Fprintf(b, "the model is not made for this: %s\n", e.Outside)
	}
}
