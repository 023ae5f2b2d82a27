package suite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/lang/dataset"
	"rasp/lang/diag"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// Files of a base folder.
const (
	modelFile   = "model.safetensors"
	programFile = "program.rasp"
	inputsFile  = "inputs.jsonl"
	pairsFile   = "pairs.jsonl"
	circuitFile = "circuit.json"
	namesFile   = "names.json"
)

// witnessPairs is how many pairs of inputs are tried to show that an edge moves or is
// necessary, as rasp circuit does.
const witnessPairs = 500

// base is the folder of a compiled program; it is made if it is not there. The error wraps an
// *unfit if there can be none.
func (o *Options) base(ctx context.Context, p Program, length int) (Item, error) {
	name := p.Name
	if length > 0 {
		name = fmt.Sprintf("%s-%d", p.Name, length)
	}
	source := digest(p)
	item, err := o.item(name)
	switch {
	case err == nil && item.Source != source:
		return item, &Conflict{fmt.Sprintf("%s was made of another program", diag.Visible(filepath.Join(o.Folder, name))), "give another folder with -o, or the program another name"}
	case !errors.Is(err, fs.ErrNotExist):
		return item, err
	}
	b, err := o.compile(p, length)
	if err != nil {
		return item, err
	}
	b.item = Item{Name: name, Base: name, Program: p.Name, Title: open.TitleOf(p.File.Source.Text), Source: source, Pairs: map[string]int{}}
	return o.folder(b.item, func(folder string, item *Item) error {
		err := b.write(ctx, o, folder)
		*item = b.item
		return err
	})
}

// digest tells a program from others, with all that it loads.
func digest(p Program) string {
	text, err := json.Marshal([]any{p.File.Source.Text, p.Loaded})
	if err != nil {
		panic(err) // texts have a JSON form
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// compiled is a program as a model, beside what is known of it.
type compiled struct {
	item     Item
	model    *model.Model
	inside   *inside.Model
	labelled *open.Labelled
}

// compile makes the model. Whatever the compiler refuses makes a program unfit.
func (o *Options) compile(p Program, length int) (*compiled, error) {
	choices := open.Choices{Length: length, Level: o.Optimize, Robust: o.Robust, Sigma: o.Sigma}
	c, err := choices.Compile(p.Program, nil)
	if err != nil {
		return nil, &unfit{firstFault(err)}
	}
	if n, _ := c.Parameters(); n > o.Parameters {
		return nil, &unfit{fmt.Sprintf("the model has %d parameters, more than %d", n, o.Parameters)}
	}
	b := &compiled{model: c.Model}
	if b.labelled, err = open.LabelsOf(p.Program, nil, choices); err != nil {
		return nil, &unfit{firstFault(err)}
	}
	if b.inside, err = inside.New(c.Model); err != nil {
		return nil, &unfit{firstFault(err)}
	}
	return b, nil
}

// firstFault is an error in one line.
func firstFault(err error) string {
	var list diag.List
	if errors.As(err, &list) && len(list) > 0 {
		err = list[0]
	}
	return open.Diagnose(err).Message
}

// write fills the folder and completes the item.
func (b *compiled) write(ctx context.Context, o *Options, folder string) error {
	var err error
	if b.item.Inputs, err = b.writeInputs(ctx, o, filepath.Join(folder, inputsFile)); err != nil {
		return err
	}
	if err := b.writePairs(ctx, o, filepath.Join(folder, pairsFile)); err != nil {
		return err
	}
	g, err := open.Circuit(ctx, b.model, witnessPairs, o.Seed)
	if err != nil {
		return err
	}
	b.item.size(b.model)
	b.item.Edges, b.item.Kinds = count(g), kinds(b.inside.Names)
	for name, write := range map[string]func(io.Writer) error{
		modelFile:   b.model.Write,
		circuitFile: func(w io.Writer) error { return open.WriteCircuit(w, g) },
		namesFile:   text(b.model.Names),
		programFile: text(b.model.Source),
	} {
		if err := fill(filepath.Join(folder, name), write); err != nil {
			return err
		}
	}
	return nil
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// example is a line of the inputs.
type example struct {
	Input  values            `json:"input"`
	Output map[string]values `json:"output"`
	SOps   map[string]values `json:"sops"` // of the names, as the interpreter has them
}

// values are a sequence in JSON.
type values []json.RawMessage

func valuesOf(sequence []value.Value) values {
	list := make(values, len(sequence))
	for i, v := range sequence {
		list[i] = json.RawMessage(v.JSON())
	}
	return list
}

// outputs are labels by the names of the outputs.
func (b *compiled) outputs(labels [][]value.Value) map[string]values {
	all := map[string]values{}
	for i, name := range b.labelled.Names {
		all[name] = valuesOf(labels[i])
	}
	return all
}

// writeInputs writes inputs, of which each length has its share, and all that the program
// computes on them.
func (b *compiled) writeInputs(ctx context.Context, o *Options, file string) (n int, err error) {
	lines, err := newLines(file)
	if err != nil {
		return 0, err
	}
	set := dataset.Set{Domain: b.labelled.Domain, Distribution: dataset.Lengths, Count: o.Inputs, Seed: o.Seed, Labels: b.labelled.Labels}
	report, err := set.Each(ctx, func(x dataset.Example) error {
		sops, err := b.sops(x.Input)
		if err != nil {
			return err
		}
		return lines.write(example{valuesOf(x.Input), b.outputs(x.Labels), sops})
	})
	return report.Examples, errors.Join(unlessFew(err), lines.close())
}

// unlessFew is an error but for that of too few examples: then there are those.
func unlessFew(err error) error {
	var short *dataset.ShortError
	if errors.As(err, &short) || errors.Is(err, dataset.ErrNone) {
		return nil
	}
	return err
}

// sops are the values of what the names speak of.
func (b *compiled) sops(input []value.Value) (map[string]values, error) {
	all, err := b.inside.Interpret(input)
	var fault *interp.Fault
	if err != nil && !errors.As(err, &fault) { // one that is not read fails: then none is told
		return nil, err
	}
	sops := map[string]values{}
	for i, sequence := range all {
		if sequence != nil {
			sops[b.inside.Names.SOps[i].Name] = valuesOf(sequence)
		}
	}
	return sops, nil
}

// lines is a file of JSON lines.
type lines struct {
	*os.File
	encoder *json.Encoder
}

func newLines(file string) (*lines, error) {
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false)
	return &lines{f, e}, nil
}

func (l *lines) write(x any) error { return l.encoder.Encode(x) }
func (l *lines) close() error      { return errors.Join(l.Sync(), l.Close()) }
