package compiler_test

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/facts/factstest"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// TestChangedBits flips bits of the files of ready models, half of them in the header:
// there is an error, or no certificate.
func TestChangedBits(t *testing.T) {
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 20))
	for _, name := range files {
		if name == "library.rasp" {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, name)
		require.NoError(t, err)
		outputs, d := compilertest.Parse(t, name, string(text))
		m, _, err := compiler.Compile(outputs, d, compilertest.At(1))
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, m.Write(&file))
		header := bytes.Index(file.Bytes(), []byte(`"unembed.b_U"`))
		for k := range factstest.Often(60) {
			bits := 8 * file.Len()
			if k%2 == 0 {
				bits = 8 * header
			}
			i := r.IntN(bits)
			file.Bytes()[i/8] ^= 1 << (i % 8)
			if changed, err := model.Read(bytes.NewReader(file.Bytes())); err == nil {
				require.Zero(t, changed.Certificate, "%s: bit %d", name, i)
			}
			file.Bytes()[i/8] ^= 1 << (i % 8)
		}
		_, err = model.Read(bytes.NewReader(file.Bytes()))
		require.NoError(t, err)
	}
}
