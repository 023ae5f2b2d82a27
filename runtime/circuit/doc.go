// Package circuit finds the circuit of a model: which part reads what of which
// other part, in which dimensions of the residual stream.
//
// In comes a model (package rasp/runtime/model), out goes a Graph: the nodes are
// the embedding, each head, each MLP and the logits, as in Conmy et al. 2023,
// "Towards Automated Circuit Discovery for Mechanistic Interpretability"; an edge
// is what one node writes and another reads directly, of a head into its queries,
// its keys or its values. The circuit is read off the weights. What a compiler
// says of them is shown beside and believed nowhere.
//
// Three questions are asked of each edge, and the answers are kept apart:
//
//	static     is there a weight that writes a dimension of which a weight reads?
//	           If not, nothing can flow.
//	moving     does what flows differ for two inputs of the same length? If not, it
//	           is a constant of the position.
//	necessary  does an output change if what flows is that of another input?
//
// The first is answered by the weights (parts.go). That an edge does not move can
// be proved by them, too: what depends on no token does not (moving.go). That it
// moves, and that it is necessary, is shown by two inputs; where none are found,
// nothing is claimed.
//
// # Resampling
//
// An edge is cut by resampling (Chan et al. 2022, "Causal Scrubbing"): the node at
// its end sees, in place of what the node at its beginning writes, what that one
// writes on another input of the same length; all that comes after is computed as
// usual. In the stream that a node reads, the nodes before it are terms of a sum,
// so this is done exactly (resample.go).
//
//	graph.go     Graph, Node, Edge
//	parts.go     what each node reads and writes
//	moving.go    which edges can move
//	network.go   the edges
//	resample.go  the forward pass, node by node, also with edges cut; what a node computes
//	             is package inspect's
//	search.go    pairs of inputs that show an edge to move, or to be necessary
//	flow.go      how much an edge carries on an input
//	outcome.go   when two inputs have the same outputs
package circuit
