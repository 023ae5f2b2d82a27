package suite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

// Files of the set.
const (
	IndexFile = "index.jsonl"
	CardFile  = "README.md"
)

// names of files that a model's folder may have: one that is there is complete, so these are
// only asked for where a folder is to be replaced, which does not happen.
var folderFiles = []string{modelFile, programFile, inputsFile, pairsFile, circuitFile, namesFile, itemFile, truthFile, arraysFile}

// folder writes the folder of a model, whole, with its item, which write may complete. Where
// another run has made the same folder meanwhile, that one is taken.
func (o *Options) folder(item Item, write func(folder string, item *Item) error) (Item, error) {
	name := item.Name
	err := atomicfile.Folder(filepath.Join(o.Folder, name), folderFiles, func(folder string) (err error) {
		if err := write(folder, &item); err != nil {
			return err
		}
		if item.Digest, err = digestOf(folder); err != nil {
			return err
		}
		return fill(filepath.Join(folder, itemFile), func(w io.Writer) error { return encode(w, item) })
	})
	if errors.Is(err, fs.ErrExist) {
		return o.item(name)
	}
	return item, err
}

// fill writes a new file of a folder that is not there yet for others.
func fill(file string, write func(io.Writer) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync() // before the folder has its name
	}
	return errors.Join(err, f.Close())
}

func encode(w io.Writer, x any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(x)
}

// describe writes the index and the card.
func (o *Options) describe(set *Set) error {
	err := atomicfile.Write(filepath.Join(o.Folder, IndexFile), func(w io.Writer) error {
		for _, item := range set.Items {
			if err := encode(w, item); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(o.Folder, CardFile), func(w io.Writer) error {
		_, err := w.Write(o.card(set))
		return err
	})
}

// card is the data card.
func (o *Options) card(set *Set) []byte {
	var b bytes.Buffer
	programs := map[string]bool{}
	for _, item := range set.Items {
		programs[item.Program] = true
	}
	fmt.Fprintf(&b, cardHead, diag.Count(len(set.Items), "model"), diag.Count(len(programs), "program"))
	for i, about := range levels {
		fmt.Fprintf(&b, "| %d | %s |\n", i, about)
	}
	robust := ""
	if o.Robust {
		robust = ", robust,"
	}
	fmt.Fprintf(&b, cardMade, o.Seed, o.Optimize, robust, o.Inputs, o.Pairs, o.Parameters)
	b.WriteString("\n## Sizes\n\nEdges are those that a model of the shape can have, then those of the circuit by the three truths.\n\n" +
		"| model | layers x heads | d_model | d_mlp | parameters | kinds | edges | static | moving | necessary |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, x := range set.Items {
		fmt.Fprintf(&b, "| `%s` | %d x %d | %d | %d | %d | %s | %d | %d | %d | %d |\n", x.Name, x.Layers, x.Heads, x.DModel, x.DMLP, x.Parameters,
			strings.Join(x.Kinds, ", "), x.Edges.Possible, x.Edges.Static, x.Edges.Moving, x.Edges.Necessary)
	}
	if len(set.LeftOut) > 0 {
		b.WriteString("\n## Left out\n\n| program | length | level | why |\n|---|---|---|---|\n")
		for _, l := range set.LeftOut {
			length := "its own"
			if l.Length > 0 {
				length = fmt.Sprint(l.Length)
			}
			fmt.Fprintf(&b, "| %s | %s | %d | %s |\n", l.Program, length, l.Level, strings.ReplaceAll(diag.Visible(l.Reason), "|", `\|`))
		}
	}
	return b.Bytes()
}

const cardHead = `---
license: apache-2.0
tags:
- interpretability
- transformers
- circuits
pretty_name: RaspBench
---

# RaspBench

%s of %s, whose circuits, variables and directions are known: they were compiled from programs
in RASP, and what a part of a model is for is what the compiler made it for.

## Fields

` + "`index.jsonl`" + ` has a line for each model: its folder (` + "`name`" + `), the folder that it shares with its other levels (` + "`base`" + `),
sizes, kinds of heads, and counts of edges. ` + "`settings.json`" + ` has what all models were made with. A base folder has:

| file | holds |
|---|---|
| ` + "`model.safetensors`" + ` | the weights, with vocabulary, outputs and certificate in the metadata; tensors are named as in TransformerLens |
| ` + "`program.rasp`" + ` | the program |
| ` + "`names.json`" + ` | a name for each dimension, head and neuron; of which s-op a dimension is a function, and which number is which value |
| ` + "`circuit.json`" + ` | nodes and edges, and of each edge whether it is static, moving, necessary, with the inputs that show it |
| ` + "`inputs.jsonl`" + ` | ` + "`input`" + `, ` + "`output`" + ` and ` + "`sops`" + `: what the interpreter says of each s-op that the names speak of, at each position |
| ` + "`pairs.jsonl`" + ` | ` + "`clean`, `corrupt`" + ` with the outputs of both; ` + "`change`" + `: "one" token, "all" tokens (of inputs of a form: another input of the length), another "length" |
| ` + "`item.json`" + ` | the line of the index |

Position 0 of a model is BOS, whose id is the number of tokens; inputs are without it.

A folder of another level has its ` + "`model.safetensors`" + ` and ` + "`item.json`" + `, and how its parts belong to those of the base in
` + "`truth.json` and `truth.safetensors`" + ` (docs/truth.schema.json of rasp). It was compared with the program on 2,000 inputs, and never wrong.

| level | what it does beside the ones below |
|---|---|
`

const cardMade = `
## How it was made

By ` + "`rasp suite`" + ` with seed %d, at -O %d%s: %d inputs of each model and %d pairs of each kind, where there are so many, of models with at most %d
parameters. Labels are the interpreter's. Inputs are drawn length by length, pairs from the longest inputs, or from inputs of special shapes
where too few of those differ in an output; none comes twice.
The same settings give the same bytes.
`
