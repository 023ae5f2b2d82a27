package huggingface

import (
	"fmt"
	"math"

	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/model"
)

// Llama is the form of causal models that what serves Llama opens: root mean square norms,
// a gated MLP, rotary positions. Each is made to do what the model wants of it.
//
//	norm      eps = 2^120 beside which the mean square counts for nothing, a weight of 2^60
//	MLP       down(silu(gate x) * up x) with up x = 1, a bias, and a gate scaled by s = 2^40: silu(s x) / s
//	          is max(0, x) unless x is less than 2^-33 in size
//	rotation  by angles divided by 2^100 ("linear" scaling), which turn nothing that float32 can tell
//	position  Llama has no table of positions, so two layers before those of the model make it:
//	          a head counts the tokens behind BOS, the neurons of its layer turn the count into a
//	          one-hot code, and those of the next turn that into what W_pos has for it
//
// The head is exact: BOS has score 45 ln 2 and value 3*2^22, all others have score 0 and value 2^45. So a token adds
// 2^-45 * 2^45 = 1 to a sum that is on the grid of whole numbers since BOS is, and the
// denominator, 1 + n 2^-45, is 1 in float32. The count of t tokens is position t; and
//
//	relu(t - i + 1) - 2 relu(t - i) + relu(t - i - 1)
//
// is 1 for t = i and 0 for all other whole numbers, exactly. One neuron for each position
// then writes a row of W_pos, times 1.
var Llama = export.Form{
	Name:  "llama",
	About: "the same for causal models as a Llama, which more servers know",
	Make: func(m *model.Model) (*export.Folder, error) {
		if !m.Causal {
			return nil, &export.Refusal{
				Why:  "attention is bidirectional, and that of Llama is causal",
				Hint: "--to huggingface makes a BERT of it; --causal compiles a program with causal selectors",
			}
		}
		return folder(m, llama(export.Whole(m)), nil, llamaArithmetic)
	},
}

var llamaArithmetic = []string{
	"positions are counted by a head, and rotations are too small to count; both are exact in float32, and neither is what was certified",
	`attn_implementation="eager" divides the weights of keys before it adds up their values: a mean may be off by one rounding more for each key`,
	coarse,
}

// llamaConfig is that of Llama.
type llamaConfig struct {
	common
	Positions     int            `json:"max_position_embeddings"`
	Width         int            `json:"hidden_size"`
	Layers        int            `json:"num_hidden_layers"`
	Heads         int            `json:"num_attention_heads"`
	KeyHeads      int            `json:"num_key_value_heads"`
	DHead         int            `json:"head_dim"`
	Inner         int            `json:"intermediate_size"`
	Activation    string         `json:"hidden_act"`
	Epsilon       float64        `json:"rms_norm_eps"`
	AttentionBias bool           `json:"attention_bias"`
	MLPBias       bool           `json:"mlp_bias"`
	Dropout       float64        `json:"attention_dropout"`
	Classifier    float64        `json:"classifier_dropout"`
	Theta         float64        `json:"rope_theta"`
	Rotation      map[string]any `json:"rope_scaling"`
}

// still is what angles are divided by.
const still = 0x1p100

// A stream for Llama has the dimensions of the model, and behind them some of its own.
type llamaStream struct {
	m     *model.Model
	dHead int // a power of four, and even
	inner int // neurons of each layer
}

func newLlamaStream(m *model.Model) llamaStream {
	s := llamaStream{m: m, dHead: 4, inner: max(m.DMLP, m.NCtx+2)}
	for s.dHead < m.DHead {
		s.dHead *= 4
	}
	return s
}

// bos is 1 at BOS and 0 elsewhere, one is 1, count is how many tokens stand behind BOS,
// and at is 1 at a position and 0 elsewhere.
func (s llamaStream) bos() int         { return s.m.DModel }
func (s llamaStream) one() int         { return s.m.DModel + 1 }
func (s llamaStream) count() int       { return s.m.DModel + 2 }
func (s llamaStream) at(place int) int { return s.m.DModel + 3 + place }

// width is a multiple of the number of heads, on which transformers insists.
func (s llamaStream) width() int { return (s.at(s.m.NCtx) + s.m.Heads - 1) / s.m.Heads * s.m.Heads }

// root is what queries are multiplied by.
func (s llamaStream) root() float32 { return float32(math.Sqrt(float64(s.dHead))) }

// llama is a causal model.
func llama(m *model.Model) layout {
	s := newLlamaStream(m)
	config := llamaConfig{
		common: newCommon(m, "LlamaForTokenClassification", "llama"), Positions: m.NCtx, Width: s.width(), Layers: m.Layers + 2,
		Heads: m.Heads, KeyHeads: m.Heads, DHead: s.dHead, Inner: s.inner, Activation: "silu", Epsilon: layernorm.Epsilon,
		AttentionBias: true, MLPBias: true, Theta: 10000, Rotation: map[string]any{"rope_type": "linear", "factor": still},
	}
	tensors := append(s.embedding(), s.norm("model.norm"))
	tensors = append(tensors, s.counting("model.layers.0.")...)
	tensors = append(tensors, s.placing("model.layers.1.")...)
	for l := range m.Blocks {
		tensors = append(tensors, s.layer(&m.Blocks[l], fmt.Sprintf("model.layers.%d.", l+2))...)
	}
	if export.Predicts(m) {
		config.Architectures = []string{"LlamaForCausalLM"}
		head := layernorm.Head(m, s.read(m.WU).Transpose(), layernorm.Classes(m), len(m.Vocab)+1, s.one())
		return layout{"AutoModelForCausalLM", "text-generation", append(tensors, export.NewTensor("lm_head.weight", head)), config, predicted}
	}
	config.Labels, config.IDs = labels(m)
	tensors = append(tensors, export.NewTensor("score.weight", s.read(m.WU).Transpose()), export.NewVector("score.bias", m.BU))
	return layout{"AutoModelForTokenClassification", "token-classification", tensors, config, classified}
}

// embedding is the table of tokens.
func (s llamaStream) embedding() []export.Tensor {
	b := model.NewBuilder(len(s.m.Vocab)+1, s.width())
	for id := range len(s.m.Vocab) + 1 {
		for d, w := range s.m.WE.Row(id) {
			b.Add(id, d, w)
		}
		b.Add(id, s.one(), 1)
	}
	b.Add(len(s.m.Vocab), s.bos(), 1)
	return []export.Tensor{export.NewTensor("model.embed_tokens.weight", b.Matrix())}
}

func (s llamaStream) norm(name string) export.Tensor {
	weight := make([]float32, s.width())
	for d := range weight {
		weight[d] = layernorm.Weight
	}
	return export.NewVector(name+".weight", weight)
}

// read is a matrix [d_model, n] that reads the stream: [width, n].
func (s llamaStream) read(w model.Matrix) model.Matrix { return placed(w, s.width(), -1) }

// placed is a matrix with more rows and columns of zeros; -1 for no more.
func placed(w model.Matrix, rows, cols int) model.Matrix {
	r, c := w.Size()
	b := model.NewBuilder(max(r, rows), max(c, cols))
	for i := range r {
		for j, x := range w.Row(i) {
			b.Add(i, j, x)
		}
	}
	return b.Matrix()
}

// counting is the layer that counts and makes a one-hot code of it.
func (s llamaStream) counting(name string) []export.Tensor {
	const first, key = 3 << 22, 1 << 45 // values of BOS and of all others
	query, values, bias := make([]float32, s.m.Heads*s.dHead), make([]float32, s.m.Heads*s.dHead), make([]float32, s.width())
	query[0], values[0], bias[s.count()] = s.root(), key, -first
	k, v := model.NewBuilder(s.width(), s.m.Heads*s.dHead), model.NewBuilder(s.width(), s.m.Heads*s.dHead)
	k.Add(s.bos(), 0, float32(45*math.Ln2))
	v.Add(s.bos(), 0, first-key)
	o := model.NewBuilder(s.m.Heads*s.dHead, s.width())
	o.Add(0, s.count(), 1)
	none := make([]float32, s.m.Heads*s.dHead)
	list := s.attention(name, [3]model.Matrix{model.NewBuilder(s.width(), len(query)).Matrix(), k.Matrix(), v.Matrix()},
		[3][]float32{query, none, values}, o.Matrix(), bias)
	in, starts := model.NewBuilder(s.width(), s.inner), make([]float32, s.inner)
	out := model.NewBuilder(s.inner, s.width())
	for n := range s.m.NCtx + 2 { // neuron n is relu(count - (n-1))
		in.Add(s.count(), n, 1)
		starts[n] = float32(1 - n)
		for place, w := range map[int]float32{n: 1, n - 1: -2, n - 2: 1} {
			if 0 <= place && place < s.m.NCtx {
				out.Add(n, s.at(place), w)
			}
		}
	}
	return append(list, s.mlp(name, in.Matrix(), starts, out.Matrix(), make([]float32, s.width()))...)
}

// placing is the layer that writes what W_pos has for a position.
func (s llamaStream) placing(name string) []export.Tensor {
	n := s.m.Heads * s.dHead
	none, read := make([]float32, n), model.NewBuilder(s.width(), n).Matrix()
	list := s.attention(name, [3]model.Matrix{read, read, read}, [3][]float32{none, none, none},
		model.NewBuilder(n, s.width()).Matrix(), make([]float32, s.width()))
	in := model.NewBuilder(s.width(), s.inner)
	for place := range s.m.NCtx {
		in.Add(s.at(place), place, 1)
	}
	return append(list, s.mlp(name, in.Matrix(), make([]float32, s.inner), placed(s.m.WPos, s.inner, s.width()), make([]float32, s.width()))...)
}

// layer is one of the model.
func (s llamaStream) layer(b *model.Block, name string) []export.Tensor {
	var read [3]model.Matrix
	var bias [3][]float32
	for i, w := range []model.Matrix{b.WQ, b.WK, b.WV} {
		read[i], bias[i] = s.heads(w), s.headBias([][]float32{b.BQ, b.BK, b.BV}[i])
	}
	read[0] = times(read[0], s.root())
	for i := range bias[0] {
		bias[0][i] *= s.root()
	}
	o := model.NewBuilder(s.m.Heads*s.dHead, s.width())
	for i := range s.m.Heads * s.m.DHead {
		for d, x := range b.WO.Row(i) {
			o.Add(i/s.m.DHead*s.dHead+i%s.m.DHead, d, x)
		}
	}
	list := s.attention(name, read, bias, o.Matrix(), s.written(b.BO))
	return append(list, s.mlp(name, placed(b.WIn, s.width(), s.inner), extended(b.BIn, s.inner), placed(b.WOut, s.inner, s.width()), s.written(b.BOut))...)
}

// heads is a matrix of each head [heads*d_model, d_head] side by side.
func (s llamaStream) heads(w model.Matrix) model.Matrix {
	b := model.NewBuilder(s.width(), s.m.Heads*s.dHead)
	for i := range s.m.Heads * s.m.DModel {
		for j, x := range w.Row(i) {
			b.Add(i%s.m.DModel, i/s.m.DModel*s.dHead+j, x)
		}
	}
	return b.Matrix()
}

func (s llamaStream) headBias(bias []float32) []float32 {
	all := make([]float32, s.m.Heads*s.dHead)
	for i, x := range bias {
		all[i/s.m.DHead*s.dHead+i%s.m.DHead] = x
	}
	return all
}

func (s llamaStream) written(bias []float32) []float32 { return extended(bias, s.width()) }

func extended(numbers []float32, n int) []float32 {
	all := make([]float32, n)
	copy(all, numbers)
	return all
}

// attention are the tensors of an attention block and the norm before it. Matrices come as
// inputs, outputs, and stand the other way.
func (s llamaStream) attention(name string, read [3]model.Matrix, bias [3][]float32, out model.Matrix, outBias []float32) []export.Tensor {
	list := []export.Tensor{s.norm(name + "input_layernorm")}
	for i, part := range []string{"q", "k", "v"} {
		list = append(list, linear(name+"self_attn."+part+"_proj", read[i], bias[i])...)
	}
	return append(list, linear(name+"self_attn.o_proj", out, outBias)...)
}

// mlp are the tensors of an MLP of ReLUs and the norm before it.
func (s llamaStream) mlp(name string, in model.Matrix, inBias []float32, out model.Matrix, outBias []float32) []export.Tensor {
	up := make([]float32, s.inner)
	gate := make([]float32, s.inner)
	for i := range up {
		up[i], gate[i] = 1, inBias[i]*layernorm.Scale
	}
	list := []export.Tensor{s.norm(name + "post_attention_layernorm")}
	list = append(list, linear(name+"mlp.gate_proj", times(in, layernorm.Scale), gate)...)
	list = append(list, linear(name+"mlp.up_proj", model.NewBuilder(s.width(), s.inner).Matrix(), up)...)
	return append(list, linear(name+"mlp.down_proj", times(out, 1/layernorm.Scale), outBias)...)
}

func linear(name string, w model.Matrix, bias []float32) []export.Tensor {
	return []export.Tensor{export.NewTensor(name+".weight", w.Transpose()), export.NewVector(name+".bias", bias)}
}

// times is a matrix multiplied.
func times(w model.Matrix, factor float32) model.Matrix {
	rows, cols := w.Size()
	b := model.NewBuilder(rows, cols)
	for i := range rows {
		for j, x := range w.Row(i) {
			b.Add(i, j, x*factor)
		}
	}
	return b.Matrix()
}
