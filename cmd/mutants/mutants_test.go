package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// TestChangesWrittenDownApply: each stands at one place of the sources, and compiles.
func TestChangesWrittenDownApply(t *testing.T) {
	w, exports := packagesOf(t)
	require.NoError(t, w.choose(0, 1, ""))
	assert.Len(t, w.mutants, len(allNamed))
	for _, p := range w.packages {
		require.NoError(t, p.compiled(exports))
	}
	for _, m := range w.mutants {
		assert.Contains(t, m.function.mutants, m, "%s does not compile", m.Name)
	}
}

func packagesOf(t *testing.T) (*workshop, map[string]string) {
	t.Helper()
	exports, err := exported(root)
	require.NoError(t, err)
	w := &workshop{root: root}
	for _, folder := range folders {
		p, err := readPackage(root, folder, exports)
		require.NoError(t, err)
		w.packages = append(w.packages, p)
	}
	return w, exports
}

// TestChangesOfAFunction: a function has a change for each operator, number, condition,
// result and statement that could be another one.
func TestChangesOfAFunction(t *testing.T) {
	w, _ := packagesOf(t)
	for name, want := range map[string][]string{
		"Gcd": {"`!=` -> `==`", "`0` -> `1`", "`a, b = b, math.Mod(a, b)` -> `nothing`"},
	} {
		found := false
		for _, p := range w.packages {
			for _, s := range p.sources {
				for _, f := range s.functions {
					if f.decl.Name.Name != name {
						continue
					}
					found = true
					var have []string
					for _, m := range p.points(f) {
						_, change, _ := strings.Cut(m.String(), ": ")
						have = append(have, change)
					}
					assert.ElementsMatch(t, want, have)
				}
			}
		}
		assert.True(t, found, name)
	}
}

// TestMutantsRun: a handful of changes, from the build to the report.
func TestMutantsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds the compiler")
	}
	const few = 24
	w, err := prepare(root, t.TempDir(), 0, 1, "at most one")
	require.NoError(t, err)
	require.NoError(t, w.survey(few))
	results := w.runAll(few, 2, false, time.Now().Add(time.Hour))
	require.Len(t, results, 2)
	for _, r := range results {
		assert.Empty(t, r.Wrong, r.Name)
		assert.Greater(t, r.Ran, 0, r.Name)
	}
	var b strings.Builder
	report(&b, results, few)
	assert.Contains(t, b.String(), "2 mutants over 24 programs")
	assert.Contains(t, b.String(), "- at most one is two (`compiler/analysis/atmostone.go:")
}
