package panel

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEncodings: each instruction on a vector register has the encoding of AVX, which Go's
// assembler gives those whose name begins with V. Intel CPUs since Ice Lake take a hundred
// cycles and more for another one while the upper half of a register is in use.
func TestEncodings(t *testing.T) {
	other := regexp.MustCompile(`(?m)^\s*[A-UW-Z][A-Z0-9]*\s.*\b[XYZ][0-9]+\b.*$`)
	macro := regexp.MustCompile(`^\s*\w+\(`)
	files, err := filepath.Glob("*_amd64.[sh]")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, line := range other.FindAllString(string(text), -1) {
			require.Regexp(t, macro, line, name)
		}
	}
}
