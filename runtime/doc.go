// Package runtime runs transformers: it reads and writes model files and
// computes the forward pass.
//
// In comes a Model (built in memory, or read from a file by Load) and sequences
// of token ids; out come logits and the tokens that they decode to. The package
// knows nothing of RASP: a token is a piece of text, a label is a sentence for
// the reader, and nothing here asks what a weight is for.
//
// # The forward pass
//
// forward.go computes it from top to bottom, one sequence at a time, in float32.
// With T positions, position 0 being BOS, and x [T, d_model] the residual stream:
//
//	embedding     x_i = W_E[token_i] + W_pos[i]
//	in each layer
//	  attention   q_i = x_i W_Q + b_Q,  k_i = x_i W_K + b_K,  v_i = x_i W_V + b_V     per head
//	              s_ij = q_i . k_j            for all j, or for j <= i in a causal model
//	              e_ij = exp(s_ij - max_j s_ij)
//	              z_i  = (sum_j e_ij v_j) / (sum_j e_ij)
//	              x_i  = x_i + (sum over heads z_i W_O + b_O)
//	  MLP         x_i  = x_i + (max(0, x_i W_in + b_in) W_out + b_out)
//	unembedding   logits_i = x_i W_U + b_U
//
// This is the transformer of Vaswani et al. 2017, section 3, without LayerNorm,
// and without the factor 1/sqrt(d_head) in the scores, which compiled weights
// would only have to undo.
//
// A head only ever acts through the products W_Q W_K^T (which pairs of positions
// attend) and W_V W_O (what is moved), the QK and OV circuits of Elhage et al.
// 2021, "A Mathematical Framework for Transformer Circuits".
//
// # What a proof about a model may rely on
//
// The order of the operations is part of the interface, since an error analysis
// of a model goes through it:
//
//   - Every product and every sum is rounded to float32, products before they
//     are added (never fused), so every machine computes the same, up to the
//     last bit of exp.
//   - x W + b starts at 0, adds the products in ascending order of the rows of
//     W, and adds b last. The rows of W_O are ordered by head, then by d_head.
//     Products with a zero factor are left out, which does not change a sum.
//   - exp(0) is exactly 1, and exp(s) is exactly 0 for s < -104: half of the
//     smallest float32, 2^-150, is exp(-103.97).
//   - The numerator and the denominator of z are accumulated separately, in
//     ascending order of j, and divided once, at the end. So when all e_ij are 0
//     or 1, and the v_j are integers whose partial sums stay below 2^24, then
//     both are exact, and z is the correctly rounded mean of the selected v_j:
//     exactly v_j if a single one is selected.
//
// # The model file
//
// One safetensors file (huggingface.co/docs/safetensors): eight bytes of header
// length, a JSON header, the tensors as little-endian float32. Names and shapes
// of the tensors and the words of the configuration are TransformerLens's;
// vocabulary, outputs, provenance, certificate and program text are JSON in the
// header's metadata. The same model always gives the same bytes, and reading
// them back gives the same model bit for bit.
//
//	tensors.go      the tensors of a model: names, shapes, parameter counts
//	validate.go     does everything fit together
//	safetensors.go  the container: header, offsets, raw floats
//	metadata.go     everything of a model that is not a tensor
//	file.go         Load, Save, Read, Write
//	vocabulary.go   tokens to ids
//	session.go      batches, checks, buffers
//	forward.go      the forward pass
//	matrix.go       x W + b for weights that are mostly zeros
//	decode.go       logits to tokens
package runtime
