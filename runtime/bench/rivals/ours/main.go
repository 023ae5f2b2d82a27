//go:build linux

// Ours is what rasp's kernels and models take for the tables of rivals: a process that reads lines
//
//	product M N K REPEATS
//	packed M N K REPEATS
//	attention DIMS LENGTH HEADS CAUSAL REPEATS
//	chunk DIMS QUERIES LENGTH HEADS REPEATS
//	prefill D_MODEL LAYERS HEADS VOCAB LENGTH REPEATS
//	decode D_MODEL LAYERS HEADS VOCAB LENGTH REPEATS
//	model BATCH REPEATS FILE
//
// and answers each with the seconds of CPU time that one takes, of the thread or, for models,
// of the process, or, if GOMAXPROCS allows more than one thread, the seconds that pass. A packed
// product has its B packed before. Attention takes one thread. A chunk is the last queries of
// a causal model. Prefill takes so many tokens, decode is one step after them. A model is run
// on the longest inputs, and what comes out is decoded.
package main

import (
	"bufio"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"

	rasp "rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/gemm"
	"rasp/runtime/internal/machine"
	"rasp/runtime/model"
	"rasp/runtime/panel"
)

func main() {
	if runtime.GOMAXPROCS(0) == 1 { // with more, a thread that is locked would cost a wake-up where it waits
		runtime.LockOSThread()
	}
	debug.SetGCPercent(-1)
	fmt.Println("rasp,", vectors())
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		seconds, err := answer(in.Text())
		if err != nil {
			log.Fatalf("%q: %v", in.Text(), err)
		}
		fmt.Printf("%.9g\n", seconds)
		runtime.GC()
	}
}

// vectors are those that the kernels have chosen.
func vectors() string {
	switch {
	case machine.AVX512():
		return "AVX-512"
	case machine.AVX2():
		return "AVX2"
	}
	return "no vectors"
}

func answer(line string) (float64, error) {
	var m, n, k, repeats, dims, queries, length, heads, causal, layers, vocab int
	kind, rest, _ := strings.Cut(line, " ")
	switch kind {
	case "product", "packed":
		if _, err := fmt.Sscan(rest, &m, &n, &k, &repeats); err != nil {
			return 0, err
		}
		return timed(ofThread, repeats, product(m, n, k, kind == "packed")), nil
	case "attention":
		if _, err := fmt.Sscan(rest, &dims, &length, &heads, &causal, &repeats); err != nil {
			return 0, err
		}
		past := length
		if causal == 1 {
			past = 0
		}
		return timed(ofThread, repeats, attention(dims, length, length, past, heads)), nil
	case "chunk":
		if _, err := fmt.Sscan(rest, &dims, &queries, &length, &heads, &repeats); err != nil {
			return 0, err
		}
		return timed(ofThread, repeats, attention(dims, queries, length, length-queries, heads)), nil
	case "prefill", "decode":
		if _, err := fmt.Sscan(rest, &dims, &layers, &heads, &vocab, &length, &repeats); err != nil {
			return 0, err
		}
		f, err := transformer(dims, layers, heads, vocab, length, kind == "decode")
		if err != nil {
			return 0, err
		}
		return timed(ofProcess, repeats, f), nil
	case "model":
		var batch int
		if _, err := fmt.Sscan(rest, &batch, &repeats); err != nil {
			return 0, err
		}
		fields := strings.SplitN(rest, " ", 3)
		run, err := forward(fields[len(fields)-1], batch)
		if err != nil {
			return 0, err
		}
		defer debug.SetGCPercent(debug.SetGCPercent(100))
		return timed(ofProcess, repeats, run), nil
	}
	return 0, fmt.Errorf("none of product, packed, attention, chunk, prefill, decode and model")
}

// What CPU time counts: kernels have no other threads than those that they are given, models
// have the garbage collector's.
const (
	ofThread  int32 = unix.CLOCK_THREAD_CPUTIME_ID
	ofProcess int32 = unix.CLOCK_PROCESS_CPUTIME_ID
)

// timed is what a call of f takes by a clock; the first is not counted.
func timed(clock int32, repeats int, f func()) float64 {
	f()
	start := now(clock)
	for range repeats {
		f()
	}
	return (now(clock) - start) / float64(repeats)
}

func now(clock int32) float64 {
	if runtime.GOMAXPROCS(0) > 1 {
		clock = unix.CLOCK_MONOTONIC
	}
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		log.Fatal(err)
	}
	return float64(t.Nano()) * 1e-9
}

func product(m, n, k int, packed bool) func() {
	matrix := func(rows, cols int) gemm.Matrix {
		x := make([]float32, rows*cols)
		for i := range x {
			x[i] = float32(i%17-8) / 8
		}
		return gemm.Dense(rows, cols, x)
	}
	a, b, c, op := matrix(m, k), matrix(k, n), matrix(m, n), gemm.Op{Alpha: 1, Threads: runtime.GOMAXPROCS(0)}
	if packed {
		weights := gemm.PackB(b, false)
		return func() { gemm.MulPacked(op, a, weights, c) }
	}
	return func() { gemm.Mul(op, a, b, c) }
}

// attention is that of the last queries of a sequence, which see the first past keys and,
// one after the other, more.
func attention(dims, queries, length, past, heads int) func() {
	r := rand.New(rand.NewPCG(1, 1))
	random := func(scale float64) panel.Panel {
		p := panel.New(dims, length)
		for i := range p.Data {
			p.Data[i] = float32(scale * r.NormFloat64())
		}
		return p
	}
	all, scratch := make([]panel.Head, heads), new(panel.Scratch)
	for i := range all {
		all[i] = panel.Head{
			Q: random(1 / math.Sqrt(float64(dims))), K: random(1), V: random(1), Z: panel.New(dims, length),
			Dims: dims, Values: dims, Queries: queries, Keys: length, Past: past, Single: panel.Single(queries),
		}
	}
	return func() {
		for i := range all {
			panel.Attend(&all[i], scratch)
		}
	}
}

// sessions are those of transformers that were made, by their shapes: making one takes
// longer than running it.
var sessions = map[string]*rasp.Session{}

func transformer(dims, layers, heads, vocab, length int, decode bool) (func(), error) {
	shape := fmt.Sprintf("d_model=%d,layers=%d,heads=%d,vocab=%d,length=%d", dims, layers, heads, vocab, length+1)
	s := sessions[shape]
	if s == nil {
		config, vocab, err := bench.ParseShape(shape)
		if err != nil {
			return nil, err
		}
		m, err := bench.Random(config, vocab, 1)
		if err != nil {
			return nil, err
		}
		s = rasp.NewSession(m, rasp.Dense())
		sessions[shape] = s
	}
	tokens := make([]int, length)
	for i := range tokens {
		tokens[i] = i % vocab
	}
	prefill := func() {
		s.Reset()
		if _, err := s.Prefill(tokens); err != nil {
			log.Fatal(err)
		}
	}
	if !decode {
		return prefill, nil
	}
	prefill()
	return func() {
		s.Truncate(length)
		if _, err := s.Step(0); err != nil {
			log.Fatal(err)
		}
	}, nil
}

// forward runs a model file on so many of the longest inputs.
func forward(path string, batch int) (func(), error) {
	m, err := model.Load(path)
	if err != nil {
		return nil, err
	}
	session, inputs := rasp.NewSession(m), bench.Inputs(m, batch, m.NCtx-1)
	return func() {
		if _, err := session.Run(inputs); err != nil {
			log.Fatal(err)
		}
	}, nil
}
