//go:build linux

// Ours is what rasp's kernels and models take, on one thread, for the table of rivals: a process
// that reads lines
//
//	product M N K REPEATS
//	packed M N K REPEATS
//	attention DIMS LENGTH HEADS CAUSAL REPEATS
//	model BATCH REPEATS FILE
//
// and answers each with the seconds of CPU time that one takes. A packed product has its B
// packed before; a model is run on the longest inputs, what comes out is decoded, and the
// collection of garbage counts.
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
	"rasp/runtime/model"
	"rasp/runtime/panel"
)

func main() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	fmt.Println("rasp")
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

func answer(line string) (float64, error) {
	var m, n, k, repeats, dims, length, heads, causal int
	kind, rest, _ := strings.Cut(line, " ")
	switch kind {
	case "product", "packed":
		if _, err := fmt.Sscan(rest, &m, &n, &k, &repeats); err != nil {
			return 0, err
		}
		return timed(repeats, product(m, n, k, kind == "packed")), nil
	case "attention":
		if _, err := fmt.Sscan(rest, &dims, &length, &heads, &causal, &repeats); err != nil {
			return 0, err
		}
		return timed(repeats, attention(dims, length, heads, causal == 1)), nil
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
		return timed(repeats, run), nil
	}
	return 0, fmt.Errorf("neither product, packed, attention nor model")
}

// timed is what a call of f takes; the first is not counted.
func timed(repeats int, f func()) float64 {
	f()
	start := now()
	for range repeats {
		f()
	}
	return (now() - start) / float64(repeats)
}

func now() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
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
	a, b, c, op := matrix(m, k), matrix(k, n), matrix(m, n), gemm.Op{Alpha: 1}
	if packed {
		weights := gemm.PackB(b, false)
		return func() { gemm.MulPacked(op, a, weights, c) }
	}
	return func() { gemm.Mul(op, a, b, c) }
}

func attention(dims, length, heads int, causal bool) func() {
	r := rand.New(rand.NewPCG(1, 1))
	random := func(scale float64) panel.Panel {
		p := panel.New(dims, length)
		for i := range p.Data {
			p.Data[i] = float32(scale * r.NormFloat64())
		}
		return p
	}
	past := length
	if causal {
		past = 0
	}
	all, scratch := make([]panel.Head, heads), new(panel.Scratch)
	for i := range all {
		all[i] = panel.Head{
			Q: random(1 / math.Sqrt(float64(dims))), K: random(1), V: random(1), Z: panel.New(dims, length),
			Dims: dims, Values: dims, Queries: length, Keys: length, Past: past, Single: panel.Single(length),
		}
	}
	return func() {
		for i := range all {
			panel.Attend(&all[i], scratch)
		}
	}
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
