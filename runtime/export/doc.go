// Package export writes models in the formats of other tools.
//
// In comes a model (package rasp/runtime/model), out goes a folder: the weights as the
// tool reads them, whatever it wants beside them, and a model card. Like all of
// runtime, it knows nothing of RASP and nothing of the compiler.
//
// A transformer without LayerNorm, with ReLU and with scores that are not scaled is what
// no tool has by itself. Each form says how it is held all the same, and what of the
// arithmetic that changes: a power of two changes no bit of a result, as long as
// nothing overflows. Sums in another order, a softmax that divides before it adds up, and
// norms are ways in which a tool computes; who calls says what is certain of a model that is
// computed so, and the model card says it too.
//
//	export.go       Form, Folder, File: what a form gives; Way: how a tool computes it
//	tensor.go       an array, made of a matrix that is mostly zeros as it is written
//	safetensors.go  a file of them
//	outputs.go      what each column of the logits is
//	card.go         README.md
//
//	tokenizer/        tokenizer.json: text -> ids, BOS before them
//	layernorm/        a residual stream that LayerNorm leaves as it is
//	safetensors/      the tensors as they are
//	transformerlens/  TransformerLens, 2.x to 4.x
//	huggingface/      GPT-2 and BERT of transformers
//	onnx/             a graph of plain operations
//	gguf/             GPT-2 of llama.cpp
package export
