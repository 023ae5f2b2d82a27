// Package formulas computes what the pages of the formulas show: a look-up by attention,
// the loads of GEMM's kernels, perplexity and coding, laws of scaling. Each method depends
// on its parameters alone; one compiles a program that it writes.
//
//	attention.go                     softmax(s q k / sqrt d) v of small tables
//	gemm.go, gemm_roofline.go        kernels counted, and timed
//	perplexity.go, perplexity_*.go   guesses, bets, codes, sources whose entropy is known
//	scaling.go, scaling_*.go         L(N, D), budgets, fits
package formulas

import (
	"context"
	"maps"

	"rasp/cmd/rasp/web/rpc"
	"rasp/runtime/model"
)

// Compile makes the model of a program's text; it is the request's until that is answered.
type Compile func(ctx context.Context, program string) (*model.Model, error)

// Methods are all of them, by name.
func Methods(compile Compile) rpc.Methods {
	all := rpc.Methods{}
	for _, some := range []rpc.Methods{attentionMethods(), gemmMethods(), perplexityMethods(compile), scalingMethods()} {
		maps.Copy(all, some)
	}
	return all
}
