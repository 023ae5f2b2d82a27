package prove_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A second opinion shares nothing with the first but the format of the witness.
func TestBorders(t *testing.T) {
	list, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for _, p := range strings.Fields(string(list)) {
		path, own := strings.CutPrefix(p, "rasp/")
		if !own {
			continue // the standard library, and the parser that package syntax uses
		}
		fine := strings.HasPrefix(path, "lang") || path == "runtime/model" || path == "runtime/atomicfile" || path == "runtime/text" || path == "stdlib" ||
			path == "compiler/prove" || path == "compiler/prove/witness"
		require.True(t, fine, "%s is imported", p)
	}
}
