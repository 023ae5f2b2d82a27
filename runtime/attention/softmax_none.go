//go:build !amd64 || noasm

package attention

var weigh = softmaxGeneric
