// Package ready_test tries the models of all ready-made programs: it takes long, and has a limit
// of time of its own.
package ready_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/compiler/facts/factstest"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// TestReadyProgramsAreExact: the models of all ready-made programs, at two
// lengths and all levels (with -short, at one level each), give what the interpreter gives, be it values or the
// probabilities of the next token.
func TestReadyProgramsAreExact(t *testing.T) {
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	require.NoError(t, err)
	require.Greater(t, len(files), 15)
	for _, file := range files {
		if file == "library.rasp" {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, file)
		require.NoError(t, err)
		for _, length := range []int{5, 20} {
			for level := range 3 {
				if testing.Short() && (length == 20) != (level == 1) || testing.Short() && level == 2 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%d/O%d", strings.TrimSuffix(file, ".rasp"), length, level), func(t *testing.T) {
					t.Parallel()
					outputs, domain := compilertest.Parse(t, file, string(text))
					domain.Length = length
					m, report, err := compiler.Compile(outputs, domain, compilertest.At(level))
					require.NoError(t, err)
					require.Empty(t, report.Warnings)
					require.True(t, m.Certificate.Exact)
					require.Equal(t, length, m.Certificate.Length)
					require.Greater(t, m.Certificate.Slack, 1.0)
					compilertest.Exact(t, m, outputs, domain)
				})
			}
		}
	}
}

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
