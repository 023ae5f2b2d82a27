package inside_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/golden"
	"rasp/runtime"
	"rasp/runtime/model"
)

// eachModel has the models of the golden programs and the ready-made ones that say their domain.
func eachModel(t *testing.T, f func(t *testing.T, m *model.Model)) {
	files, err := golden.Files("../..")
	require.NoError(t, err)
	eachModelOf(t, files, 1, f)
}

// readyPrograms are the paths of the ready-made programs.
func readyPrograms(t *testing.T) []string {
	files, err := golden.Ready("../..")
	require.NoError(t, err)
	return files
}

// eachModelOf has those of some files, compiled at a level.
func eachModelOf(t *testing.T, paths []string, level int, f func(t *testing.T, m *model.Model)) {
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		chunks, err := golden.Read(path, string(data))
		require.NoError(t, err)
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			for _, c := range chunks {
				if m := modelOf(c, level); m != nil {
					t.Run(c.Title, func(t *testing.T) { f(t, m) })
				}
			}
		})
	}
}

// made are models by program and level: each is compiled once for all tests.
var made sync.Map

type madeKey struct {
	text  string
	level int
}

// modelOf a golden program at a level, nil if it has none.
func modelOf(c *golden.Chunk, level int) *model.Model {
	once, _ := made.LoadOrStore(madeKey{c.Text, level}, sync.OnceValue(func() *model.Model { return compiled(c, level) }))
	return once.(func() *model.Model)()
}

func compiled(c *golden.Chunk, level int) *model.Model {
	program, faults := lang.Parse(c.File, c.Text)
	if faults.Err() != nil || len(program.File.Directives.Vocab) == 0 || program.File.Directives.Length == 0 {
		return nil
	}
	outputs, missing := program.Outputs(nil, program.File.Directives.Vocab)
	d, fault := program.Domain()
	if missing != nil || fault != nil {
		return nil
	}
	m, _, err := compiler.Compile(outputs, d, compiler.Options{
		Level: level, Source: c.Text, Loads: program.Loaded, Partial: program.File.Directives.Partial,
		Engine: func(m *model.Model) verify.Engine { return runtime.NewSession(m) },
	})
	if err != nil {
		return nil
	}
	return m
}

// hasNames: each dimension, head and neuron of each golden model has a name of its own,
// padding is marked, and the JSON is as its schema says.
func hasNames(t *testing.T, m *model.Model, schema *jsonschema.Schema) {
	n, err := m.ReadNames()
	require.NoError(t, err)
	data, err := jsonschema.UnmarshalJSON(strings.NewReader(m.Names))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(data))
	taken := map[string]bool{}
	take := func(name string) {
		assert.NotEmpty(t, name)
		assert.False(t, taken[name], "%q is there twice", name)
		taken[name] = true
	}
	for _, d := range n.Dims {
		take(d.Name)
	}
	for l := range n.Heads {
		for i, h := range n.Heads[l] {
			take(h.Name)
			empty := m.Blocks[l].WV.Part(i*m.DModel, (i+1)*m.DModel).Nonzero() == 0 && m.Blocks[l].WO.Part(i*m.DHead, (i+1)*m.DHead).Nonzero() == 0
			assert.Equal(t, empty, h.Kind == "padding", h.Name)
		}
		for i, x := range n.Neurons[l] {
			take(x.Name)
			assert.Equal(t, m.Blocks[l].WOut.Empty(i), x.Kind == "padding", x.Name)
		}
	}
}

// TestSchemaRefuses what is not as it should be.
func TestSchemaRefuses(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/names.schema.json")
	require.NoError(t, err)
	for _, text := range []string{`{}`, `{"sops":[],"dims":[{"name":"","kind":"is","written":"embed"}],"heads":[],"neurons":[]}`,
		`{"sops":[],"dims":[{"name":"x","kind":"what","written":"embed"}],"heads":[],"neurons":[]}`} {
		data, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		assert.Error(t, schema.Validate(data), text)
	}
}
