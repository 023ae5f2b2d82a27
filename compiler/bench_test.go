package compiler_test

import (
	"path/filepath"
	"strings"
	"testing"

	"rasp/compiler"
	"rasp/lang"
)

// BenchmarkCompile compiles every ready-made program for inputs of up to 20
// tokens, and one for up to 64. It reports the size of the model.
func BenchmarkCompile(b *testing.B) {
	for _, path := range readyPrograms(b) {
		name := strings.TrimSuffix(filepath.Base(path), ".rasp")
		b.Run(name, func(b *testing.B) { benchmarkCompile(b, path, 20) })
	}
	b.Run("sort-64", func(b *testing.B) { benchmarkCompile(b, "../stdlib/sort.rasp", 64) })
}

func benchmarkCompile(b *testing.B, path string, length int) {
	program, faults := lang.Load(path)
	if err := faults.Err(); err != nil {
		b.Fatal(err)
	}
	outputs, missing := program.Main()
	if missing != nil {
		b.Fatal(missing)
	}
	d := program.File.Directives
	domain := compiler.Domain{Vocab: d.Vocab, Length: length, Causal: d.Causal}
	parameters := 0
	for b.Loop() {
		model, _, err := compiler.Compile(program, outputs, domain, compiler.Options{Level: 1})
		if err != nil {
			b.Fatal(err)
		}
		parameters = model.Layers * model.DModel * (4*model.Heads*model.DHead + 2*model.DMLP)
	}
	b.ReportMetric(float64(parameters), "weights")
}
