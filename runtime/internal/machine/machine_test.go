package machine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadCaches(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"index0/level": "1\n", "index0/type": "Data\n", "index0/size": "48K\n",
		"index1/level": "1\n", "index1/type": "Instruction\n", "index1/size": "32K\n",
		"index2/level": "2\n", "index2/type": "Unified\n", "index2/size": "2M\n",
		"index3/level": "3\n", "index3/type": "Unified\n", "index3/size": "unknown\n",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	assert.Equal(t, Caches{L1: 48 << 10, L2: 2 << 20, L3: usual.L3}, readCaches(dir))
	assert.Equal(t, usual, readCaches(filepath.Join(dir, "missing")))
}

func TestVectorsAreNested(t *testing.T) {
	assert.False(t, AVX512() && !AVX2())
}
