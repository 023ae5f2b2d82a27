// Package scaling says what scale buys: a parametric law for the loss of a
// language model as a function of its size and its training data, fitted to
// measured runs, and what follows from it for a budget.
//
//	L(N, D) = E + A/N^alpha + B/D^beta
//
// N counts parameters, D training tokens, L is in nats a token. E is the entropy
// of the text itself, the other terms what a finite model and finite data add
// (Hoffmann et al. 2022, "Training Compute-Optimal Large Language Models",
// section 3.3, equation 2).
//
// Training costs C = 6ND floating point operations, two for each parameter and
// token forward and four backward; inference costs 2N a token (Kaplan et al.
// 2020, section 2.1). Where C is given, the least loss is at
//
//	N = G (C/6)^(beta/(alpha+beta)),  D = (C/6)^(alpha/(alpha+beta)) / G,
//	G = (alpha A / (beta B))^(1/(alpha+beta))
//
// which is equation 4 there.
//
//	law.go        the law, and what is optimal under it
//	plan.go       what plans cost, beside each other
//	data.go       runs from a CSV file
//	huber.go      the losses that a fit minimises
//	fit.go        the fit: L-BFGS from many starts
//	bootstrap.go  how sure the fit is
//	chart.go      a picture of runs and law
//	ledger.go     what a model costs: parameters, operations, memory
package scaling
