// Package runtime runs transformers: it reads and writes model files and
// computes the forward pass. It knows nothing of RASP.
package runtime
