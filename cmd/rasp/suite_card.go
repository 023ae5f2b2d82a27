package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// suiteCounts are how many there are of what.
type suiteCounts struct{ bases, models, refused int }

func countOf(entries []entry) (c suiteCounts) {
	bases := map[string]bool{}
	for _, e := range entries {
		if e.Refused != "" {
			c.refused++
			continue
		}
		c.models++
		bases[filepath.Dir(e.Model)] = true
	}
	c.bases = len(bases)
	return c
}

// finish writes the index, and the data card last.
func (f *suiteFlags) finish(entries []entry) error {
	var index bytes.Buffer
	lines := json.NewEncoder(&index)
	for _, e := range entries {
		if err := lines.Encode(e); err != nil {
			return err
		}
	}
	if err := writeBytes(filepath.Join(f.out, indexName), index.Bytes()); err != nil {
		return err
	}
	return writeBytes(filepath.Join(f.out, cardName), f.card(entries))
}

// card is the data card of a suite.
func (f *suiteFlags) card(entries []entry) []byte {
	var b bytes.Buffer
	counts := countOf(entries)
	fmt.Fprintf(&b, `---
tags: [interpretability, transformers, compiled]
---
# Compiled transformers in disguise

%d transformers that compute %d known functions, made by %s. Each was compiled of a RASP program and given
another form with the same function; what each direction, head and neuron of it stands for, and its circuit, stands
beside it. They are to test methods that look into models: the answer is known, and not by another such method.

`, counts.models, counts.bases, f.choices.Version)
	fmt.Fprintf(&b, "| level | models | certified | run, and never wrong | wrong on some input | left out |\n|---|---|---|---|---|---|\n")
	for _, level := range f.choices.Levels {
		models, certified, right, wrong, refused := 0, 0, 0, 0, 0
		for _, e := range entries {
			switch {
			case e.Level != level:
			case e.Refused != "":
				refused++
			default:
				models++
				if e.Certified {
					certified++
				}
				if e.Wrong == 0 {
					right++
				} else {
					wrong++
				}
			}
		}
		fmt.Fprintf(&b, "| %d | %d | %d | %d | %d | %d |\n", level, models, certified, right, wrong, refused)
	}
	fmt.Fprintf(&b, `
Levels, each with the steps of those below: 0 as compiled, 1 permuted, 2 scaled, 3 heads in other bases, 4 the residual
stream rotated, 5 without dimensions that cannot occur, 6 noise, 7 superposition, 8 the same, 9 weights of bfloat16.
"Certified": that the model computes the function on every input of its domain is proved by bounds through its weights.
The others were run on up to %d random inputs and all short ones.

## Files

| | |
|---|---|
| %s | a line for each model: program, length, level, seed, sizes, files, how it did; and why what is left out is |
| %s | how the suite was made; the same flags make the same files |
| PROGRAM-LENGTH/model.safetensors, program.rasp | the model as compiled, and its program |
| PROGRAM-LENGTH/inputs.jsonl | inputs with labels, of the program |
| PROGRAM-LENGTH/pairs.jsonl | clean and corrupt inputs, on which the output differs, with labels |
| PROGRAM-LENGTH/levelN-seedM.safetensors | a disguised model; tensors have the names and shapes of TransformerLens |
| .truth.json, .truth.safetensors beside it | what is known of it |

A model file names heads and neurons in its metadata, and carries the program: a method that is tested must not read these.

## Programs

%s
## What it is not

The functions are small, and their models, though they look learned, were not: how training arrives at a circuit, and
which circuits it prefers, cannot be learned here. Edges of a circuit that carry only positions or constants do not move
with the input; the truth tells static, moving and necessary edges apart, and methods that patch can find the latter.
`, f.choices.Samples, indexName, choicesName, f.programs(entries))
	return b.Bytes()
}

// programs are a list of them, with their lengths.
func (f *suiteFlags) programs(entries []entry) string {
	var b strings.Builder
	for _, p := range f.choices.Programs {
		var lengths []string
		for _, e := range entries {
			if n := fmt.Sprint(e.Length); e.Program == p && e.Refused == "" && !slices.Contains(lengths, n) {
				lengths = append(lengths, n)
			}
		}
		if lengths != nil {
			fmt.Fprintf(&b, "- %s, inputs of up to %s tokens\n", pageName(p), strings.Join(lengths, ", "))
		}
	}
	return b.String()
}
