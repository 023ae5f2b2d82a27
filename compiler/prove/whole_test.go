package prove_test

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
)

// TestReadyMadePrograms: all are proved, at their lengths.
func TestReadyMadePrograms(t *testing.T) {
	programs := readyMade(t)
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		t.Run(name, func(t *testing.T) {
			r := proofOf(t, mustCompile(t, programs[name]).model)
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
		s, err := compile(c.Text)
		if err != nil {
			continue
		}
		t.Run(fmt.Sprintf("%s:%d", filepath.Base(c.File), c.Line), func(t *testing.T) {
			r, err := proveFor(s.model, 5*time.Second)
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
		t.Skip("go test ./compiler/prove -run TestFolder -v -args -programs FOLDER -length N")
	}
	files, err := filepath.Glob(filepath.Join(*programs, "*.rasp"))
	require.NoError(t, err)
	count := map[prove.Verdict]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		row, verdict := rowOf(strings.TrimSuffix(filepath.Base(file), ".rasp"), atLength(string(text), *length))
		count[verdict]++
		fmt.Println(row)
	}
	fmt.Println(count)
}

func rowOf(name, text string) (row string, verdict prove.Verdict) {
	start := time.Now()
	s, err := compile(text)
	compiling := time.Since(start)
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Sprintf("%-32s %8.2f %8s %-10s %s", name, compiling.Seconds(), "", "no model", reason), "no model"
	}
	start = time.Now()
	r, err := proveFor(s.model, *patience)
	proving := time.Since(start)
	if err != nil {
		return fmt.Sprintf("%-32s %8.2f %8.2f %-10s %s", name, compiling.Seconds(), proving.Seconds(), "error", err), "error"
	}
	return fmt.Sprintf("%-32s %8.2f %8.2f %-10s %s", name, compiling.Seconds(), proving.Seconds(), r.Verdict, r.Claim()), r.Verdict
}
