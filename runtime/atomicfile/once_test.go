package atomicfile

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "settings")
	for _, asked := range []string{"first", "second"} {
		have, err := Once(path, []byte(asked))
		require.NoError(t, err)
		assert.Equal(t, "first", string(have))
		assert.Equal(t, "first", content(t, path))
	}
	_, err := Once(filepath.Join(path, "below"), nil)
	assert.Error(t, err)
}
