package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/runtime"
	"rasp/runtime/disguise"
	"rasp/runtime/inspect"
	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// readyModel compiles a ready-made program that is short.
func readyModel(t *testing.T, name string) *model.Model {
	t.Helper()
	program, faults := open.Program(name)
	require.NoError(t, faults.Err())
	c, err := open.Choices{Length: 8}.Compile(program, nil)
	require.NoError(t, err)
	return c.Model
}

// TestDisguisesOfReadyPrograms: with other orders and powers of two a model says the same of
// every input, and its certificate is the same.
func TestDisguisesOfReadyPrograms(t *testing.T) {
	for _, name := range open.ReadyNames() {
		m := readyModel(t, name)
		for seed := range uint64(3) {
			d, err := disguise.Of(m, disguise.Options{Seed: seed, Permute: true, Scale: disguise.PowersOf2})
			require.NoError(t, err, name)
			assert.Equal(t, m.Certificate.Exact, d.Certified(), name)
			assert.Equal(t, m.Certificate.Slack, d.Model.Certificate.Slack)
			was, is := runtime.NewSession(m), runtime.NewSession(d.Model)
			var batch [][]int
			for length := 1; length < m.NCtx; length++ {
				batch = append(batch, modeltest.Input(m, length, seed*100+uint64(length)))
			}
			want, err := was.Run(batch)
			require.NoError(t, err)
			got, err := is.Run(batch)
			require.NoError(t, err)
			for i, o := range m.Outputs {
				if o.Numeric() {
					continue // a number may be off by what the order of a sum does
				}
				for k := range batch {
					assert.Equal(t, want[k][i], got[k][i], "%s %v", name, batch[k])
				}
			}
		}
	}
}

// TestTruthOfStream: with Q of the truth the columns of a model are found again in the stream
// of a rotated one, input by input.
func TestTruthOfStream(t *testing.T) {
	for _, name := range []string{"caesar", "shift"} {
		m := readyModel(t, name)
		d, err := disguise.Of(m, disguise.Options{Seed: 2, Permute: true, Scale: disguise.AnyFactors, Heads: true, Rotate: true, Rank: true, Uncertified: true})
		require.NoError(t, err)
		_, arrays, err := d.Truth()
		require.NoError(t, err)
		q := arrays[0]
		require.Equal(t, []int{m.DModel, d.Model.DModel}, q.Shape)
		for seed := range uint64(5) {
			input := modeltest.Input(m, 8, seed)
			was, is := inspect.Of(m, input, inspect.Hooks{}), inspect.Of(d.Model, input, inspect.Hooks{})
			for stage := range was.Residual {
				for p, x := range was.Residual[stage] {
					for i := range m.DModel {
						found := 0.0
						for j, y := range is.Residual[stage][p] {
							found += float64(y) * q.Data[i*d.Model.DModel+j]
						}
						assert.InDelta(t, x[i], found, 1e-4*(1+float64(max(x[i], -x[i]))), "%s dim %d of stage %d", name, i, stage)
					}
				}
			}
		}
	}
}

func TestTruthFiles(t *testing.T) {
	root := repository(t)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "docs", "truth.schema.json"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	status, _, stderr := command(t, "compile sort --length 6 -o other.safetensors")
	require.Zero(t, status, stderr)
	valid := func(truth, of string) {
		t.Helper()
		file, err := os.Open(truth)
		require.NoError(t, err)
		parsed, err := jsonschema.UnmarshalJSON(file)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		assert.NoError(t, schema.Validate(parsed), of)
	}
	status, _, stderr = command(t, "suite caesar -o set --lengths 4 --levels 1,4 --inputs 4 --pairs 2")
	require.Zero(t, status, stderr)
	valid("set/caesar-4-level1/truth.json", "suite")
	valid("set/caesar-4-level4/truth.json", "suite")
	for _, line := range []string{
		"sort --length 6 --permute", "sort --length 6 --permute --scale=2 --blend other.safetensors", "caesar --level 5 --uncertified",
		"caesar --noise 0.001 --uncertified --dtype bfloat16", "shift --superpose 3 --uncertified", "majority --output vote --permute", "reverse --level 0",
		"sort --length 6 --level 4 --blend other.safetensors --uncertified",
	} {
		status, _, stderr := command(t, "disguise "+line+" -o made.safetensors")
		require.Zero(t, status, "%s: %s", line, stderr)
		valid("made.truth.json", line)
		for _, more := range []string{"info made.safetensors", "export made.safetensors --to transformerlens -o exported", "circuit made.safetensors --pairs 5"} {
			status, _, stderr := command(t, more)
			assert.Zero(t, status, "%s, %s: %s", line, more, stderr)
		}
	}
	// What is not a truth is not taken for one.
	var truth map[string]any
	text, err := os.ReadFile("made.truth.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &truth))
	truth["share"] = -1.0
	assert.Error(t, schema.Validate(truth))
}

func command(t *testing.T, line string) (status int, stdout, stderr string) {
	t.Helper()
	return executed(t.Context(), strings.NewReader(""), strings.Fields(line)...)
}
