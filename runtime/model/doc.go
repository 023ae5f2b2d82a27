// Package model is a transformer as data: its weights, what its tokens and outputs
// are, what each part of it is for, and the file that holds all of that.
//
// In comes what a compiler or a file says, out goes a checked Model. The package
// computes nothing with the weights; package rasp/runtime does.
//
// # The model file
//
// One safetensors file (huggingface.co/docs/safetensors): eight bytes of header
// length, a JSON header, the tensors as little-endian float32; a large one that is
// mostly zeros as the places and values of what is not. Names and shapes
// of the tensors and the words of the configuration are TransformerLens's;
// vocabulary, outputs, provenance, certificate and program text are JSON in the
// header's metadata. The same model always gives the same bytes, and reading
// them back gives the same model bit for bit.
//
//	model.go        Model
//	tensors.go      the tensors of a model: names, shapes, parameter counts
//	validate.go     does everything fit together
//	safetensors.go  the container: header, offsets, raw floats
//	budget.go       what a file may ask for
//	stored.go       large tensors that are mostly zeros
//	digest.go       what tells that a file has changed
//	strict.go       JSON that every reader takes alike
//	metadata.go     everything of a model that is not a tensor
//	file.go         Load, Save, Read, Write
//	vocabulary.go   tokens to ids
//	decode.go       logits to tokens
//	batch.go        inputs that a model can take
package model
