package suite

import (
	"bytes"
	"crypto/sha256"
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
	var index bytes.Buffer
	for _, item := range set.Items {
		if err := encode(&index, item); err != nil {
			return err
		}
	}
	set.Digest = fmt.Sprintf("%x", sha256.Sum256(index.Bytes()))
	err := atomicfile.Write(filepath.Join(o.Folder, IndexFile), func(w io.Writer) error {
		_, err := w.Write(index.Bytes())
		return err
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
