// Package runtime runs transformers: it computes the forward pass.
//
// In comes a model (package rasp/runtime/model) and sequences of token ids; out come logits and the tokens that they decode to. The package
// knows nothing of RASP: a token is a piece of text, a label is a sentence for
// the reader, and nothing here asks what a weight is for.
//
// # The forward pass
//
// forward.go computes it from top to bottom, in float32. With position 0 being
// BOS and x [positions, d_model] the residual stream:
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
// # How it runs
//
// Sequences of any lengths lie side by side in a block, feature by feature
// (package panel), so that a weight is one operation on a vector of positions.
// Compiled weights are mostly zeros: on loading, what cannot change a logit is
// left out, and each matrix gets the form that is cheapest for what remains, a
// list of its weights or a product of package gemm; neurons that stand for one
// combination of codes each, as those of a language model do, are looked up by
// the codes; a head that looks at tokens alone takes each token once. The option
// Dense does none of it. Goroutines take blocks of their own from a batch; on a single long sequence they work together and meet once a
// layer, when all keys and values are there. Prefill and Step go on with a
// sequence whose keys and values are kept; where a head has few different keys, as most of
// compiled models have, or finds the latest of those that match, a step takes the
// same time after 60,000 tokens as after 600. It goes through what is not 0 at its position, and
// nothing else.
//
// # What a proof about a model may rely on
//
// An error analysis of a model goes through its operations. It may rely on this,
// and on no other order of the operations:
//
//   - Each product and each sum is one of float32, rounded to nearest, or both
//     are rounded once (fused). A sum of n products is off by at most n * 2^-24
//     (to first order) of the sum of their magnitudes. So it is exact, in any
//     order, if all terms are multiples of a power of two and neither the positive
//     nor the negative ones add up to more than 2^24 times that.
//   - What a layer adds to a dim of the residual stream is what its heads, or its
//     neurons, write there and a bias, once each. They may be added up by
//     themselves and then to the dim, or one after the other.
//   - exp(0) is exactly 1, and exp(s) is exactly 0 for s <= -104: half of the
//     smallest float32, 2^-150, is exp(-103.97). In between exp is off by 3 * 2^-24
//     of its value at most, or by 2^-125 where that is more: what is no normal number
//     may be 0, as it is here from -87 on (exp(-87.34) is 2^-126), and not on a GPU.
//   - Keys may come in blocks of 32 or more, BOS in the first. Then a weight is a
//     product of exps: of its score less the largest so far, and of what the largest
//     grew by at each later block (online softmax).
//   - The numerator and the denominator of z are summed apart, and divided once, at the
//     end; both may be 2^24 times as large, if they stay below 2^128 so. So when all e_ij
//     are 0 or 1, and the v_j are integers whose partial sums stay below 2^24, then both
//     are exact, and z is the correctly rounded mean of the selected v_j: exactly v_j if a
//     single one is selected.
//   - These sums, over keys, are made of chains: a chain begins at 0 and adds one key
//     after the other. What chains come to is added up so that a key is in at most 8 of
//     these additions before BOS is. So in a sum in which BOS has a value that rounds all
//     that is added to it to whole numbers, each chain may be off by nearly 1/2. (Here
//     there is one chain, from BOS on, in 64 lanes there are 64, added up in 6 steps.)
//   - Keys that are equal bit for bit may be taken together, in a step of decoding and where a
//     head looks at tokens alone: the weight of one of them times the sum of their values, in
//     float64, rounded to float32 once, after the division. That is closer to what the sums are
//     in exact arithmetic than what is said above, and a mean of whole numbers is correctly
//     rounded (53 bits are more than twice the 24 of float32, and two).
//   - What is left out of a sum is 0: weights are finite, and so are activations
//     that a proof bounds. A neuron that is 0 in exact arithmetic, at all values
//     that its inputs can have in exact arithmetic or at those of a position, may
//     be left out too, whatever rounding would have made of it. For that, a head can
//     bring anything between the least and the largest of its values.
//
// # Files, in reading order
//
//	engine.go       what runs a model, here or on a GPU
//	session.go      batches of inputs
//	decoder.go      one sequence that grows, with a KV cache
//	step.go         its next position
//	alike.go        its keys by class, so that a step need not go through all
//	schedule.go     what of a model has to be computed
//	matrix.go       x W + b in the cheapest form
//	bounds.go       the values that activations can have
//	lookup.go       neurons that are found by the codes they stand for
//	recall.go       finding them
//	needs.go        inputs without which a neuron is 0
//	kinds.go        heads that look at tokens alone
//	block.go        sequences side by side
//	worker.go       goroutines, each with blocks of its own
//	crew.go         goroutines that share a product
//	forward.go      the forward pass
//	work.go         how many operations all that takes
//
// Beneath it stand model, panel, gemm and internal/parallel (who shares short work), on top of it next (what a model says of the next token), perplexity, bench
// and scaling, beside them chart. Package export writes models for the tools of others.
package runtime
