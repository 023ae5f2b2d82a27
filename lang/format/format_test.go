package format

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang/diag"
	"rasp/stdlib"
)

// formatted is the layout of text, which must be the layout of itself.
func formatted(t require.TestingT, text string) string {
	once, faults := Source(diag.NewSource("test.rasp", text))
	require.NoError(t, faults.Err(), text)
	twice, faults := Source(diag.NewSource("test.rasp", once))
	require.NoError(t, faults.Err(), once)
	require.Equal(t, once, twice, "not idempotent")
	return once
}

// programs are all programs of the repository, by file.
func programs(t testing.TB) map[string]string {
	texts := map[string]string{}
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	for _, name := range files {
		text, err := stdlib.FS.ReadFile(name)
		require.NoError(t, err)
		texts["stdlib/"+name] = string(text)
	}
	paths, err := filepath.Glob("../../testdata/*/*.rasp")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		texts["testdata/"+filepath.Base(path)] = string(text)
	}
	return texts
}

// faulty programs are about syntax errors.
var faulty = map[string]bool{"testdata/syntax.rasp": true, "testdata/slips.rasp": true, "testdata/slips_more.rasp": true}

// TestShipped: the programs of the repository are in canonical layout, but for
// those that have faults and one whose layout is what it is about.
func TestShipped(t *testing.T) {
	for name, text := range programs(t) {
		switch {
		case faulty[name]:
			_, faults := Source(diag.NewSource(name, text))
			require.Error(t, faults.Err(), "a program with syntax errors has no layout")
		case name == "testdata/lexical.rasp":
			require.NotEqual(t, text, formatted(t, text))
		default:
			require.Equal(t, text, formatted(t, text), "rasp fmt -w "+name)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the .golden files")

// TestLayout: of each program testdata/NAME.input the layout is NAME.golden.
func TestLayout(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.input")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		got := formatted(t, string(text))
		golden := strings.TrimSuffix(path, ".input") + ".golden"
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), got, golden)
	}
}

func TestFaults(t *testing.T) {
	text, faults := Source(diag.NewSource("test.rasp", "x = 1 +;\ny  = 2;\n"))
	require.Empty(t, text)
	require.Len(t, faults, 1)
	require.Equal(t, 8, faults[0].Span.Col())
}
