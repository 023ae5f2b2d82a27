// Package programs_test proves ready-made and golden programs: it takes long, and has a limit of
// time of its own.
package programs_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/prove"
	"rasp/compiler/prove/provetest"
	"rasp/lang/golden"
)

// TestReadyMadePrograms: all are proved, at their lengths.
func TestReadyMadePrograms(t *testing.T) {
	programs := provetest.ReadyMade(t)
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		t.Run(name, func(t *testing.T) {
			r := provetest.ProofOf(t, provetest.MustCompile(t, programs[name]).Model)
			assert.Equal(t, prove.Proved, r.Verdict, r.Claim())
		})
	}
}

// TestGoldenPrograms: no model of them is refuted, and most are proved, also on a machine
// that has much else to do.
func TestGoldenPrograms(t *testing.T) {
	count := map[prove.Verdict]int{}
	for i, c := range goldenChunks(t) {
		if testing.Short() && i%5 > 0 {
			continue
		}
		s, err := provetest.Compile(c.Text)
		if err != nil {
			continue
		}
		t.Run(fmt.Sprintf("%s:%d", filepath.Base(c.File), c.Line), func(t *testing.T) {
			r, err := provetest.ProveFor(s.Model, 5*time.Second)
			if errors.Is(err, context.DeadlineExceeded) {
				count[prove.Open]++
				return
			}
			require.NoError(t, err)
			count[r.Verdict]++
			assert.NotEqual(t, prove.Refuted, r.Verdict, "%s: %s", c.Title, r.Claim())
			if r.Verdict == prove.Open {
				t.Logf("%s: %s", c.Title, r.Claim())
			}
		})
	}
	t.Log(count)
	assert.Greater(t, count[prove.Proved], count[prove.Open])
}

var (
	programs = flag.String("programs", "", "a folder of programs to be proved, for TestFolder")
	length   = flag.String("length", "16", "their longest input")
	patience = flag.Duration("patience", time.Minute, "how long a proof may take")
)

// TestFolder proves the models of a folder of programs, and prints a table: the name, how
// long it took to compile and to prove, in seconds, the verdict, and of what is open the
// reason.
func TestFolder(t *testing.T) {
	if *programs == "" {
		t.Skip("go test ./compiler/prove/programs -run TestFolder -v -args -programs FOLDER -length N")
	}
	files, err := filepath.Glob(filepath.Join(*programs, "*.rasp"))
	require.NoError(t, err)
	count := map[prove.Verdict]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		row, verdict := rowOf(strings.TrimSuffix(filepath.Base(file), ".rasp"), provetest.AtLength(string(text), *length))
		count[verdict]++
		fmt.Println(row)
	}
	fmt.Println(count)
}

func rowOf(name, text string) (row string, verdict prove.Verdict) {
	start := time.Now()
	s, err := provetest.Compile(text)
	compiling := time.Since(start)
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Sprintf("%-32s %8.2f %8s %-10s %s", name, compiling.Seconds(), "", "no model", reason), "no model"
	}
	start = time.Now()
	r, err := provetest.ProveFor(s.Model, *patience)
	proving := time.Since(start)
	if err != nil {
		return fmt.Sprintf("%-32s %8.2f %8.2f %-10s %s", name, compiling.Seconds(), proving.Seconds(), "error", err), "error"
	}
	return fmt.Sprintf("%-32s %8.2f %8.2f %-10s %s", name, compiling.Seconds(), proving.Seconds(), r.Verdict, r.Claim()), r.Verdict
}

// goldenChunks are the golden programs of the compiler.
func goldenChunks(t *testing.T) []*golden.Chunk {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/compile/*.rasp")
	require.NoError(t, err)
	var all []*golden.Chunk
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		chunks, err := golden.Read(file, string(text))
		require.NoError(t, err)
		all = append(all, chunks...)
	}
	require.NotEmpty(t, all)
	return all
}
