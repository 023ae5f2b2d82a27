package suite

// The parts of a data card, with places for fmt.
const cardHead = `---
license: apache-2.0
tags:
- interpretability
- transformers
- circuits
pretty_name: RaspBench
configs:
- config_name: models
  data_files: index.jsonl
---

# RaspBench

%s of %s, whose circuits, variables and directions are known: they were compiled from programs
in RASP, and what a part of a model is for is what the compiler made it for.

## Fields

` + "`index.jsonl`" + ` has a line for each model: its folder (` + "`name`" + `), the folder that it shares with its other levels (` + "`base`" + `),
sizes, kinds of heads, counts of edges, and a digest of all files of the folder; the SHA-256 of ` + "`index.jsonl`" + ` itself stands for the
whole set. ` + "`settings.json`" + ` has what all models were made with. A base folder has:

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

## Questions

| | |
|---|---|
| What is it for? | To measure methods that look inside models, where what they should find is known: circuits, variables, directions, names |
| What is it not for? | To say how a method does on learned models: these are small, their circuits are exact, and nothing in them was learned. To train on and test on alike: the truths stand beside the models |
| How can the truths be checked? | ` + "`rasp verify`, `rasp circuit`, `rasp intervene`" + ` and, where there is a proof, ` + "`rasp prove`" + ` on any model; names and circuits were computed of the weights and the plan of the compiler, not found by a method |
| What is left out? | Programs that do not compile, and disguises that are ever wrong, as listed below: what stays is what stands the disguise, which is no fair sample of programs |
| Is there anything of people in it? | No: programs are written for it, or random, and inputs are drawn |
| How is a result told? | With the SHA-256 of ` + "`index.jsonl`" + `, the kind of pairs, and the lines of ` + "`results.jsonl`" + ` |
`
