// Package disguise gives a model another form with the same function: its parts in another
// order, the same numbers in other units, its residual stream and the insides of its heads
// in other bases. So models look as learned ones do, and what is true of them is known.
//
// In comes a model, out go a model and the Change between the two, with which all that is
// known of the first can be said of the second. Nothing here knows what the parts of a
// model are for, but for the names that it carries, and nothing runs a model.
//
// All arithmetic is in float64, in an order that is the same on every processor, until
// weights are rounded at last. What rounding and noise did is then measured: the weights
// are undone in float64 and compared with those that came in. That Residual is held
// against the noise that the certificate of the model says it stands.
//
//	disguise.go   Options, Of: the steps in their order
//	change.go     Change, which is applied and undone
//	order.go      permutations; scale.go: factors; bases.go: bases of heads and stream
//	span.go       which part of the residual stream can occur at all
//	superpose.go  fewer dimensions than columns
//	rounding.go   noise, float32, bfloat16
//	residual.go   what is left over when all is undone
//	claim.go      what the certificate still says
//	blend.go      two models side by side in one
//	names.go      the names of parts that still have one
//	truth.go      what is known, as data; tensors.go: its arrays as a file
//	weights.go    the weights of a model in float64
//	matrix.go     dense matrices; draw.go: random ones
package disguise
