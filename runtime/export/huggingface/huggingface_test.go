package huggingface

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/export"
	"rasp/runtime/export/layernorm"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// network is an architecture with the tensors of a layout, computed as its paper has it.
type network struct {
	t      *testing.T
	byName map[string]export.Tensor
	heads  int
	causal bool
}

func newNetwork(t *testing.T, l layout, heads int, causal bool) network {
	n := network{t, map[string]export.Tensor{}, heads, causal}
	for _, tensor := range l.tensors {
		require.NotContains(t, n.byName, tensor.Name)
		n.byName[tensor.Name] = tensor
		size := 1
		for _, d := range tensor.Shape {
			size *= d
		}
		require.EqualValues(t, 4*size, tensor.Size(), tensor.Name)
	}
	return n
}

func (n network) tensor(name string) []float32 {
	require.Contains(n.t, n.byName, name)
	return n.byName[name].Weights.Floats()
}

// linear is x W + b for each row of x; W stands as inputs, outputs, or transposed.
func (n network) linear(x [][]float32, name string, transposed bool) [][]float32 {
	w, bias := n.tensor(name+".weight"), make([]float32, n.byName[name+".weight"].Shape[1])
	if transposed {
		bias = make([]float32, n.byName[name+".weight"].Shape[0])
	}
	if _, ok := n.byName[name+".bias"]; ok {
		bias = n.tensor(name + ".bias")
	}
	y := make([][]float32, len(x))
	for i, row := range x {
		y[i] = make([]float32, len(bias))
		for j := range bias {
			sum := float32(0)
			for d, v := range row {
				place := d*len(bias) + j
				if transposed {
					place = j*len(row) + d
				}
				sum += v * w[place]
			}
			y[i][j] = sum + bias[j]
		}
	}
	return y
}

// norm is LayerNorm, the mean taken by plain addition in float64.
func (n network) norm(x [][]float32, name string) [][]float32 {
	w, b := n.tensor(name+".weight"), n.tensor(name+".bias")
	y := make([][]float32, len(x))
	for i, row := range x {
		mean, variance := 0.0, 0.0
		for _, v := range row {
			mean += float64(v) / float64(len(row))
		}
		for _, v := range row {
			variance += (float64(v) - mean) * (float64(v) - mean) / float64(len(row))
		}
		root := float32(math.Sqrt(float64(float32(variance) + layernorm.Epsilon)))
		y[i] = make([]float32, len(row))
		for d, v := range row {
			y[i][d] = (v-float32(mean))/root*w[d] + b[d]
		}
	}
	return y
}

// attend is attention, scores divided by the root of the size of a head.
func (n network) attend(q, k, v [][]float32) [][]float32 {
	width := len(q[0])
	size := width / n.heads
	z := make([][]float32, len(q))
	for i := range q {
		z[i] = make([]float32, width)
		for h := range n.heads {
			part := func(x []float32) []float32 { return x[h*size : (h+1)*size] }
			last, sum, weights, largest := len(k), 0.0, make([]float64, len(k)), math.Inf(-1)
			if n.causal {
				last = i + 1
			}
			for j := range last {
				for d, x := range part(q[i]) {
					weights[j] += float64(x) * float64(part(k[j])[d]) / math.Sqrt(float64(size))
				}
				largest = max(largest, weights[j])
			}
			for j := range last {
				weights[j] = math.Exp(weights[j] - largest)
				sum += weights[j]
			}
			for j := range last {
				for d, x := range part(v[j]) {
					z[i][h*size+d] += float32(weights[j] / sum * float64(x))
				}
			}
		}
	}
	return z
}

func plus(x, y [][]float32) [][]float32 {
	for i := range x {
		for d := range x[i] {
			x[i][d] += y[i][d]
		}
	}
	return x
}

func relu(x [][]float32) [][]float32 {
	for i := range x {
		for d := range x[i] {
			x[i][d] = max(x[i][d], 0)
		}
	}
	return x
}

func (n network) embedded(ids []int, tables ...string) [][]float32 {
	x := make([][]float32, len(ids))
	width := n.byName[tables[0]].Shape[1]
	for i, id := range ids {
		x[i] = make([]float32, width)
		for d := range width {
			x[i][d] = n.tensor(tables[0])[id*width+d] + n.tensor(tables[1])[i*width+d]
		}
	}
	return x
}

func (n network) gpt2(ids []int, layers int, head string) [][]float32 {
	x := n.embedded(ids, "transformer.wte.weight", "transformer.wpe.weight")
	for l := range layers {
		name := fmt.Sprintf("transformer.h.%d.", l)
		qkv := n.linear(n.norm(x, name+"ln_1"), name+"attn.c_attn", false)
		parts := [3][][]float32{}
		for _, row := range qkv {
			for p := range parts {
				parts[p] = append(parts[p], row[p*len(row)/3:(p+1)*len(row)/3])
			}
		}
		x = plus(x, n.linear(n.attend(parts[0], parts[1], parts[2]), name+"attn.c_proj", false))
		x = plus(x, n.linear(relu(n.linear(n.norm(x, name+"ln_2"), name+"mlp.c_fc", false)), name+"mlp.c_proj", false))
	}
	return n.linear(n.norm(x, "transformer.ln_f"), head, true)
}

func (n network) bert(ids []int, layers int) [][]float32 {
	x := n.norm(n.embedded(ids, "bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight"), "bert.embeddings.LayerNorm")
	for l := range layers {
		name := fmt.Sprintf("bert.encoder.layer.%d.", l)
		self := name + "attention.self."
		z := n.attend(n.linear(x, self+"query", true), n.linear(x, self+"key", true), n.linear(x, self+"value", true))
		x = n.norm(plus(x, n.linear(z, name+"attention.output.dense", true)), name+"attention.output.LayerNorm")
		x = n.norm(plus(x, n.linear(relu(n.linear(x, name+"intermediate.dense", true)), name+"output.dense", true)), name+"output.LayerNorm")
	}
	return n.linear(x, "classifier", true)
}

// random is a model of random weights, with as many columns as it has outputs.
func random(c model.Config, predicts bool) *model.Model {
	m := modeltest.Random(c, 4, 0.2, 7)
	if predicts {
		m.Outputs = []model.Output{{Name: "next", Classes: []model.Token{m.Vocab[0], m.Vocab[3]}, Next: true}}
		m.WU = model.NewBuilder(c.DModel, 2).Matrix()
		for d := range c.DModel {
			modeltest.Set(&m.WU, 2*d, float32(d)/8)
		}
		m.BU = []float32{0.5, -2}
	}
	return m
}

// The architectures, computed as they are defined, give the logits of the model.
func TestLogits(t *testing.T) {
	for _, c := range []struct {
		config   model.Config
		predicts bool
	}{
		{model.Config{Layers: 2, Heads: 2, DModel: 9, DHead: 5, DMLP: 7, NCtx: 6, Causal: true}, false},
		{model.Config{Layers: 2, Heads: 2, DModel: 9, DHead: 5, DMLP: 7, NCtx: 6}, false},
		{model.Config{Layers: 1, Heads: 3, DModel: 9, DHead: 1, DMLP: 7, NCtx: 6, Causal: true}, true},
		{model.Config{Layers: 0, Heads: 0, DModel: 4, NCtx: 3, Causal: true}, true},
		{model.Config{Layers: 1, Heads: 1, DHead: 2, DModel: 4, NCtx: 3}, false},
	} {
		m := random(c.config, c.predicts)
		input := modeltest.Input(m, m.NCtx-1, 3)
		want, err := runtime.NewSession(m).Logits(input)
		require.NoError(t, err)
		ids := append([]int{len(m.Vocab)}, input...)
		for architecture, found := range logits(t, m, ids) {
			for i, row := range found {
				if c.predicts {
					assert.EqualValues(t, layernorm.Impossible, row[1])
					assert.EqualValues(t, layernorm.Impossible, row[4], "BOS")
					row = []float32{row[0], row[3]}
				}
				require.Len(t, want, len(ids)*len(row))
				for j, x := range row {
					assert.InDelta(t, want[i*len(row)+j], x, 2e-5, "%s: %+v: position %d, column %d", architecture, c, i, j)
				}
			}
		}
	}
}

// logits of a model as each architecture that holds it has them.
func logits(t *testing.T, m *model.Model, ids []int) map[string][][]float32 {
	w := export.Whole(m)
	switch {
	case export.Predicts(m):
		l, o := gpt2LM(w), llama(w)
		return map[string][][]float32{
			"gpt2":  newNetwork(t, l, l.config.(gpt2Config).Heads, true).gpt2(ids, w.Layers, "lm_head"),
			"llama": newNetwork(t, o, w.Heads, true).llama(ids, w.Layers+2, "lm_head"),
		}
	case m.Causal:
		l, o := gpt2(w), llama(w)
		return map[string][][]float32{
			"gpt2":  newNetwork(t, l, l.config.(gpt2Config).Heads, true).gpt2(ids, w.Layers, "classifier"),
			"llama": newNetwork(t, o, w.Heads, true).llama(ids, w.Layers+2, "score"),
		}
	}
	l := bert(w)
	return map[string][][]float32{"bert": newNetwork(t, l, l.config.(bertConfig).Heads, false).bert(ids, w.Layers)}
}

// The folder has what transformers looks for, and says what it is.
func TestFolder(t *testing.T) {
	names := func(m *model.Model) (string, string) {
		folder, err := Form.Make(m)
		require.NoError(t, err)
		var list []string
		for _, f := range folder.Files {
			list = append(list, f.Name)
		}
		return strings.Join(list, " "), folder.Open("here")[0]
	}
	files, open := names(random(model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 2, NCtx: 3, Causal: true}, true))
	assert.Equal(t, "config.json model.safetensors tokenizer.json tokenizer_config.json generation_config.json", files)
	assert.Equal(t, "from transformers import AutoTokenizer, AutoModelForCausalLM", open)
	files, open = names(modeltest.Tiny(1))
	assert.Equal(t, "config.json model.safetensors tokenizer.json tokenizer_config.json", files)
	assert.Equal(t, "from transformers import AutoTokenizer, AutoModelForTokenClassification", open)
}

// llama is that architecture, computed as it is defined; angles are those of the form.
func (n network) llama(ids []int, layers int, head string) [][]float32 {
	norm := func(x [][]float32, name string) [][]float32 {
		w, y := n.tensor(name+".weight"), make([][]float32, len(x))
		for i, row := range x {
			square := float32(0)
			for _, v := range row {
				square += v * v / float32(len(row))
			}
			y[i] = make([]float32, len(row))
			for d, v := range row {
				y[i][d] = v / float32(math.Sqrt(float64(square+layernorm.Epsilon))) * w[d]
			}
		}
		return y
	}
	width, x := n.byName["model.embed_tokens.weight"].Shape[1], [][]float32{}
	for _, id := range ids {
		x = append(x, slices.Clone(n.tensor("model.embed_tokens.weight")[id*width:(id+1)*width]))
	}
	for l := range layers {
		name := fmt.Sprintf("model.layers.%d.", l)
		y := norm(x, name+"input_layernorm")
		part := func(p string) [][]float32 { return n.linear(y, name+"self_attn."+p+"_proj", true) }
		z := n.attend(n.rotated(part("q")), n.rotated(part("k")), part("v"))
		x = plus(x, n.linear(z, name+"self_attn.o_proj", true))
		y = norm(x, name+"post_attention_layernorm")
		gate, up := n.linear(y, name+"mlp.gate_proj", true), n.linear(y, name+"mlp.up_proj", true)
		for i := range gate {
			for j, g := range gate[i] {
				up[i][j] *= float32(float64(g) / (1 + math.Exp(-float64(g))))
			}
		}
		x = plus(x, n.linear(up, name+"mlp.down_proj", true))
	}
	return n.linear(norm(x, "model.norm"), head, true)
}

// rotated turns the pairs of each head by the angles of their positions.
func (n network) rotated(x [][]float32) [][]float32 {
	size := len(x[0]) / n.heads
	for i := range x {
		for h := range n.heads {
			of := x[i][h*size : (h+1)*size]
			for d := range size / 2 {
				angle := float64(i) / still * math.Pow(10000, -2*float64(d)/float64(size))
				cos, sin := float32(math.Cos(angle)), float32(math.Sin(angle))
				of[d], of[d+size/2] = of[d]*cos-of[d+size/2]*sin, of[d+size/2]*cos+of[d]*sin
			}
		}
	}
	return x
}

// A bidirectional model is no Llama.
func TestLlamaRefuses(t *testing.T) {
	_, err := Llama.Make(modeltest.Random(model.Config{Layers: 1, Heads: 1, DModel: 4, DHead: 2, DMLP: 2, NCtx: 3}, 2, 0, 1))
	var refusal *export.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Contains(t, refusal.Hint, "--to huggingface makes a BERT of it")
}
