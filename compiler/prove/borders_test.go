package prove_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A second opinion shares nothing with the first but the format of the witness.
func TestBorders(t *testing.T) {
	shared := map[string]bool{}
	for _, p := range deps(t, "rasp/runtime/model") {
		shared[p] = true
	}
	for _, p := range deps(t, ".") {
		path, own := strings.CutPrefix(p, "rasp/")
		fine := !own || shared[p] || strings.HasPrefix(path, "lang") || path == "stdlib" || strings.HasPrefix(path, "runtime/text") ||
			path == "compiler/prove" || path == "compiler/prove/witness"
		require.True(t, fine, "%s is imported", p)
	}
}

func deps(t *testing.T, of string) []string {
	list, err := exec.Command("go", "list", "-deps", of).Output()
	require.NoError(t, err)
	return strings.Fields(string(list))
}
