package model

// Token is an input token or an output value, written as a JSON scalar: "a"
// with its quotes, 3, 2.5, true. Ints have no decimal point, floats always have
// one or an exponent. The runtime compares tokens as text and gives them no
// other meaning.
type Token string

// Config is the shape of a model, in the words of TransformerLens.
type Config struct {
	Layers int  `json:"n_layers"`
	Heads  int  `json:"n_heads"` // heads of each layer
	DModel int  `json:"d_model"`
	DHead  int  `json:"d_head"`
	DMLP   int  `json:"d_mlp"`
	NCtx   int  `json:"n_ctx"` // positions, BOS included: the longest input + 1
	Causal bool `json:"causal"`
	// Inputs is the form of the inputs that the model is for, an expression of package form
	// over the tokens as they print; "": any. In a causal model also what they begin with.
	Inputs string `json:"inputs,omitempty"`
}

// Output says how one read-out of the unembedding is decoded. It owns the
// columns Column .. Column+Width() of W_U.
type Output struct {
	Name   string `json:"name"`
	Column int    `json:"column"`
	// Classes are the values of a categorical output: the logit of Classes[c]
	// is column Column+c, and the largest wins, the first of equals.
	Classes []Token `json:"classes,omitempty"`
	// Next says that the classes are tokens of the vocabulary, in its order, and
	// that the softmax of their logits is the probability of each to come next;
	// package next has the rules.
	Next bool `json:"next,omitempty"`
	// A numeric output has no classes but two columns: the value, and a flag
	// that is above 1/2 where the value is a float and below where it is an
	// int (the value is then rounded).
}

// Width is the number of columns that the output owns.
func (o *Output) Width() int {
	if o.Numeric() {
		return 2
	}
	return len(o.Classes)
}

// Numeric tells numbers read from a column from classes.
func (o *Output) Numeric() bool { return len(o.Classes) == 0 }

// Label says where a part of a model comes from.
type Label struct {
	What string `json:"what"`           // "tokens bit 0", "head of select(...)", "neuron: opens = 3"
	Name string `json:"name,omitempty"` // the user's name of the s-op or selector
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// Provenance labels each part of a model with what it stands for.
type Provenance struct {
	Dims    []Label   `json:"dims"`    // [d_model]
	Heads   [][]Label `json:"heads"`   // [layers][heads]
	Neurons [][]Label `json:"neurons"` // [layers][d_mlp]
}

// Certificate is the compiler's claim about a model, and the numbers behind it.
type Certificate struct {
	Exact bool `json:"exact"` // exact for every input over the vocabulary up to Length
	// Partial says that the program fails on some inputs, of which nothing is claimed.
	Partial bool    `json:"partial,omitempty"`
	Length  int     `json:"length"` // longest input
	Claim   string  `json:"claim"`  // the claim as a sentence
	Checks  int     `json:"checks"` // decoding places checked
	Slack   float64 `json:"slack"`  // least margin / error bound over the checks; above 1
	Worst   string  `json:"worst"`  // the place with the least slack
	// Within says, by output, how far a number that the model gives may be from the
	// program's: absolutely, at most that on every input; 0 where the output is exact. Of
	// a prediction it is how far a probability may be, relative to itself.
	Within []float64 `json:"within,omitempty"`
	// Precisions are the arithmetics for which the claim holds: "float32", of which the
	// numbers above speak, and "float64" where that is certified too.
	Precisions []string `json:"precisions,omitempty"`
	// Noise is what noise of the weights the model stands; nil where nobody looked.
	Noise *Noise `json:"noise,omitempty"`
	// What came of a proof that the model is its program: a verdict of package prove of the
	// compiler ("proved", "not proved"), and that as a sentence; "" if none was
	// looked for.
	Proof      string `json:"proof,omitempty"`
	ProofClaim string `json:"proof_claim,omitempty"`
}

// Noise is what a model stands: every weight w is w (1 + r z) + a rms(tensor) z', with z and
// z' of a normal distribution.
type Noise struct {
	Relative Stands   `json:"relative"` // r, beside a = 0
	Absolute Stands   `json:"absolute"` // a, beside r = 0
	Columns  []Budget `json:"columns"`  // [d_model]
	// NormK is the least power of two K such that a norm beside a column of K is near enough
	// to the identity; 0: none up to 2^20.
	NormK float64 `json:"norm_k"`
}

// Stands is the largest standard deviation for which the model is right.
type Stands struct {
	Worst  float64 `json:"worst"`  // whatever the z are, up to 4 in size
	Likely float64 `json:"likely"` // for independent z, at 4 standard deviations at each decoding place
}

// Budget is how far a column of the residual stream may be off, if nothing else is.
type Budget struct {
	Budget float64 `json:"budget"` // distance to the nearest wrong decision
	Slope  float64 `json:"slope"`  // of what is decided there, over the column
	Reader string  `json:"reader"` // who decides; "" if nobody reads the column, and then the budget is the largest number
}

// Block holds the weights of one layer. The matrices of heads stand one below the other.
type Block struct {
	WQ, WK, WV Matrix    // [heads*d_model, d_head]
	BQ, BK, BV []float32 // [heads, d_head]
	WO         Matrix    // [heads*d_head, d_model]
	BO         []float32 // [d_model]
	WIn        Matrix    // [d_model, d_mlp]
	BIn        []float32 // [d_mlp]
	WOut       Matrix    // [d_mlp, d_model]
	BOut       []float32 // [d_model]
}

// Model is a transformer without LayerNorm: token embedding plus learned
// positions, layers of softmax attention (logits are not scaled by
// 1/sqrt(d_head)) and ReLU MLP around a residual stream, unembedding. Position 0
// holds BOS, whose token id is len(Vocab); the runtime adds it by itself.
type Model struct {
	Config
	Vocab   []Token
	Outputs []Output

	WE     Matrix // [len(Vocab)+1, d_model]
	WPos   Matrix // [n_ctx, d_model]
	Blocks []Block
	WU     Matrix    // [d_model, width of all outputs]
	BU     []float32 // [width of all outputs]

	Provenance  Provenance
	Certificate Certificate
	Source      string // the program's text, for the reader; may be empty
	Witness     string // JSON of what the compiler says of the model for a proof (package witness of compiler/prove); may be empty
	Names       string // JSON of a Names, see ReadNames; may be empty
	// Loads are the texts of the files that the program loads, by their paths.
	Loads map[string]string
}
