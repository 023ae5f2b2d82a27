package compiler_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/sample"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/stdlib"
)

const digestsFile = "testdata/digests"

var update = flag.Bool("update", false, "rewrite the digests of models")

// TestSameBytes: a program has one model, byte for byte, whatever the processor that
// compiles it. The digests are those of ready-made programs and of random ones, floats
// such as 0.1 and logarithms among them; -update rewrites them.
func TestSameBytes(t *testing.T) {
	var got strings.Builder
	programs := samplePrograms(t)
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		hash := sha256.New()
		for _, text := range programs[name] {
			fmt.Fprintf(hash, "%s\n", modelBytes(t, text))
		}
		fmt.Fprintf(&got, "%x %s\n", hash.Sum(nil), name)
	}
	if *update {
		require.NoError(t, os.WriteFile(digestsFile, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(digestsFile)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

// samplePrograms are groups of programs, by name.
func samplePrograms(t *testing.T) map[string][]string {
	t.Helper()
	programs := map[string][]string{}
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	for _, file := range files {
		text, err := fs.ReadFile(stdlib.FS, file)
		require.NoError(t, err)
		if file != "library.rasp" {
			programs[file] = []string{string(text)}
		}
	}
	for _, kind := range sample.Kinds() {
		for seed := range uint64(8) {
			programs[string(kind)] = append(programs[string(kind)], sample.Program(rand.New(rand.NewPCG(seed, 1)), kind))
		}
	}
	return programs
}

// modelBytes is the file of a program's model, or why there is none.
func modelBytes(t *testing.T, text string) string {
	t.Helper()
	program, faults := lang.Parse("bytes.rasp", text)
	outputs, missing := program.Outputs(nil, program.File.Directives.Vocab)
	if faults.Err() != nil || missing != nil {
		return fmt.Sprint(faults, missing)
	}
	m, _, err := compiler.Compile(outputs, compilertest.DomainOf(program), compiler.Options{Level: 1, Source: text, Engine: compilertest.OnCPU})
	if err != nil {
		require.NotContains(t, err.Error(), string(diag.Internal), text)
		return err.Error()
	}
	var b strings.Builder
	require.NoError(t, m.Write(&b))
	return b.String()
}
