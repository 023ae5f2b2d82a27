package compiler_test

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/lang"
	"rasp/lang/golden"
	"rasp/runtime/model"
)

// benchmarked are the lengths for which BenchmarkCompile compiles.
var benchmarked = []int{16, 64, 128, 256}

// BenchmarkCompile compiles every ready-made program for longer and longer inputs,
// and prints a table of sizes and times; the times stand in docs/programs.md (there
// with -benchtime 5x). - is a program that is refused at that length.
func BenchmarkCompile(b *testing.B) {
	var table strings.Builder
	files, err := golden.Ready("..")
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".rasp")
		layers, parameters, times := "-", "-", make([]string, len(benchmarked))
		for i, length := range benchmarked {
			times[i] = "-"
			b.Run(fmt.Sprintf("%s/%d", name, length), func(b *testing.B) {
				m, fastest := compiledAgain(b, path, length)
				total, _ := m.Parameters()
				b.ReportMetric(float64(m.Layers), "layers")
				b.ReportMetric(float64(total), "parameters")
				times[i] = fmt.Sprintf("%.1f", float64(fastest)/float64(time.Millisecond))
				if length == 64 {
					layers, parameters = fmt.Sprint(m.Layers), fmt.Sprint(total)
				}
			})
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", name, layers, parameters, strings.Join(times, " | "))
	}
	fmt.Printf("\n| program | layers | parameters at 64 | ms at 16 | 64 | 128 | 256 |\n|---|---|---|---|---|---|---|\n%s\n", table.String())
}

// compiledAgain compiles a program over and over, and times the fastest run; the
// benchmark is skipped where the compiler refuses it.
func compiledAgain(b *testing.B, path string, length int) (model *model.Model, fastest time.Duration) {
	program, faults := lang.Load(path)
	if err := faults.Err(); err != nil {
		b.Fatal(err)
	}
	outputs, missing := program.Outputs(nil, program.File.Directives.Vocab)
	if missing != nil {
		b.Fatal(missing)
	}
	domain := compilertest.DomainOf(program)
	domain.Length = length
	fastest = math.MaxInt64
	for b.Loop() {
		start := time.Now()
		m, _, err := compiler.Compile(outputs, domain, compiler.Options{Level: 1, Engine: compilertest.OnCPU})
		if err != nil {
			b.Skip(err)
		}
		model, fastest = m, min(fastest, time.Since(start))
	}
	return model, fastest
}
