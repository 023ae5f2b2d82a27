package export

import (
	"context"
	"io"
	"slices"

	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// Form is a format of another tool.
type Form struct {
	Name  string
	About string // in a few words
	// Make lays out a valid model. The error is a *Refusal where the form cannot hold it.
	Make func(m *model.Model) (*Folder, error)
}

// Refusal says why a form cannot hold a model, and what can be done.
type Refusal struct{ Why, Hint string }

func (r *Refusal) Error() string { return r.Why }

// Folder is a model in a form: files, and what there is to say of them.
type Folder struct {
	Files []File
	// Open gives the lines of Python that open the folder of that name.
	Open func(folder string) []string
	// Logits says where in the tool's output the columns of the logits stand.
	Logits string
	// Ways are how tools compute the form, where that is not what the certificate takes for
	// granted; none if nothing is.
	Ways []Way
	// Arithmetic says, a sentence an entry, what is computed so that no certificate holds.
	Arithmetic []string
	// Front is what the model card says at its top, in YAML.
	Front []string
}

// File is one file of a folder.
type File struct {
	Name  string
	Size  int64 // about, in bytes
	Write func(io.Writer) error
}

// Way is how a tool computes a form, in float32, where that is not what package runtime
// promises; sums are added up in any order.
type Way struct {
	Where   string  // in which tool
	Exp     float64 // how far exp of a score is off, in units of 2^-24 of it; exp(0) is 1
	Divides bool    // the weights of keys are divided by their sum before values are added up
	Norm    Norm
}

// PyTorchExp is how far exp is off in PyTorch, by its documentation: 20 units in the last place
// in the fastest of its kinds. (Measured on a CPU with AVX-512 and AVX2, from -40 on: 3 units
// of 2^-24.)
const PyTorchExp = 40

// Norm is what there is of norms in a form, all of them made the identity.
type Norm uint8

const (
	NoNorm    Norm = iota
	Centred        // the mean is exactly 0
	Uncentred      // the mean is that of numbers and their opposites, added up in any order
)

// Certify says what is certain of a model that is computed in a way: a claim as a sentence,
// or why there is none.
type Certify func(Way) (claim string, holds bool)

// Text is a file of a text.
func Text(name string, content []byte) File {
	return File{name, int64(len(content)), func(to io.Writer) error {
		_, err := to.Write(content)
		return err
	}}
}

// Said is what is certain of a form, or is not, as a sentence.
type Said struct {
	Text  string
	Holds bool
}

// Of lays out a model in a form, with its card and its circuit: the folder is complete.
// The model's name is for the reader. Said is what there is to say of its exactness.
func Of(ctx context.Context, m *model.Model, name string, form Form, certify Certify) (folder *Folder, said []Said, err error) {
	made, err := form.Make(m)
	if err != nil {
		return nil, nil, err
	}
	g, err := circuit.Of(ctx, m, func(func(circuit.Pair) bool) {}) // read off the weights alone
	if err != nil {
		return nil, nil, err
	}
	for _, way := range made.Ways {
		claim, holds := certify(way)
		said = append(said, Said{way.Where + ": " + claim, holds})
	}
	for _, s := range made.Arithmetic {
		said = append(said, Said{s, false})
	}
	json, _ := format.Named("json")
	whole := *made
	whole.Files = append(slices.Clone(made.Files),
		File{"circuit.json", 0, func(to io.Writer) error { return json.Write(to, g, circuit.Static) }},
		Text("README.md", card(m, name, form, made, said, g)),
	)
	return &whole, said, nil
}

// Size is how many bytes the files take, about.
func (f *Folder) Size() int64 {
	n := int64(0)
	for _, file := range f.Files {
		n += file.Size
	}
	return n
}

// Whole is a model with at least one layer, one head and one neuron, since many tools
// know no fewer: what is added is zeros, and moves nothing.
func Whole(m *model.Model) *model.Model {
	if m.Layers > 0 && m.Heads > 0 && m.DMLP > 0 {
		return m
	}
	w := *m
	w.Layers, w.Heads, w.DHead, w.DMLP = max(m.Layers, 1), max(m.Heads, 1), max(m.DHead, 1), max(m.DMLP, 1)
	w.Blocks = slices.Clone(m.Blocks)
	for len(w.Blocks) < w.Layers {
		w.Blocks = append(w.Blocks, model.Block{BO: make([]float32, m.DModel), BOut: make([]float32, m.DModel)})
	}
	for l := range w.Blocks {
		b := &w.Blocks[l]
		if m.Heads == 0 || l >= m.Layers {
			read := model.NewBuilder(w.Heads*w.DModel, w.DHead).Matrix()
			b.WQ, b.WK, b.WV = read, read, read
			b.BQ = make([]float32, w.Heads*w.DHead)
			b.BK, b.BV = b.BQ, b.BQ
			b.WO = model.NewBuilder(w.Heads*w.DHead, w.DModel).Matrix()
		}
		if m.DMLP == 0 || l >= m.Layers {
			b.WIn, b.BIn = model.NewBuilder(w.DModel, w.DMLP).Matrix(), make([]float32, w.DMLP)
			b.WOut = model.NewBuilder(w.DMLP, w.DModel).Matrix()
		}
	}
	w.Provenance = model.Provenance{}
	return &w
}

// Predicts tells a model whose one output is the next token from all others.
func Predicts(m *model.Model) bool {
	return m.Causal && len(m.Outputs) == 1 && m.Outputs[0].Next
}
