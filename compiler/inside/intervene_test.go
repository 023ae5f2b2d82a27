package inside_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/inside"
	"rasp/lang/value"
	"rasp/runtime/model"
)

// TestInterventions: what becomes of the logits of each golden model when parts of it are
// ablated or patched at random is what becomes of them in a plain forward pass.
func TestInterventions(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/effect.schema.json")
	require.NoError(t, err)
	var compared, undecided atomic.Int64
	t.Run("models", func(t *testing.T) {
		eachModel(t, func(t *testing.T, m *model.Model) {
			if m.Layers > 0 && m.Inputs == "" {
				intervenes(t, m, schema, &compared, &undecided)
			}
		})
	})
	t.Logf("%d interventions alike, %d that float32 does not decide", compared.Load(), undecided.Load())
	assert.Greater(t, compared.Load(), 10*undecided.Load())
}

func intervenes(t *testing.T, m *model.Model, schema *jsonschema.Schema, compared, undecided *atomic.Int64) {
	x, err := inside.New(m)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(11, 12))
	single, double := naiveOf[float32](m), naiveOf[float64](m)
	inputs := inputsOfModel(t, m, 4)
	for _, input := range inputs {
		v := randomIntervention(r, x, input, inputs)
		e, err := x.Intervene(input, v)
		require.NoError(t, err, "%+v", v)
		fitsEffect(t, e, schema)
		want, precise := after32(t, single, x, input, v), after32(t, double, x, input, v)
		switch {
		case alike(e.Logits, want):
			compared.Add(1)
		case !alike(want, precise):
			undecided.Add(1)
		default:
			assert.Fail(t, "not as in a plain forward pass", "%v %+v\n%v\n%v", input, v, e.Logits, want)
		}
	}
}

// fitsEffect holds the JSON of an effect against its schema.
func fitsEffect(t *testing.T, e *inside.Effect, schema *jsonschema.Schema) {
	text, err := json.Marshal(e)
	require.NoError(t, err)
	data, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(data))
}

// randomIntervention ablates or patches one or two parts.
func randomIntervention(r *rand.Rand, x *inside.Model, input []value.Value, inputs [][]value.Value) inside.Intervention {
	longer := slices.DeleteFunc(slices.Clone(inputs), func(other []value.Value) bool { return len(other) < len(input) })
	v := inside.Intervention{Logits: true, From: longer[r.IntN(len(longer))]}
	l := r.IntN(x.Layers)
	parts := []string{
		fmt.Sprintf("%d.%d", l, r.IntN(x.Heads)), x.Names.Heads[l][r.IntN(x.Heads)].Name,
		x.Names.Neurons[l][r.IntN(x.DMLP)].Name, fmt.Sprintf("dim %d", r.IntN(x.DModel)),
	}
	for range 1 + r.IntN(2) {
		if r.IntN(3) == 0 {
			v.Patch = append(v.Patch, inside.Patch{Name: parts[3], Position: r.IntN(len(input)), From: longer[r.IntN(len(longer))]})
			continue
		}
		v.Ablate = append(v.Ablate, inside.Ablation{Part: parts[r.IntN(len(parts))], How: []string{"", "zero", "mean", "resample"}[r.IntN(4)]})
	}
	return v
}

// after32 are the logits after an intervention in a plain forward pass, rounded to float32.
func after32[F float32 | float64](t *testing.T, p *naive[F], x *inside.Model, input []value.Value, v inside.Intervention) []inside.Row {
	run := func(input []value.Value, change func(string, [][]F)) ([][]F, kept[F]) {
		ids, err := x.IDs(input)
		require.NoError(t, err)
		return p.forward(ids, change)
	}
	_, other := run(v.From, nil)
	logits, _ := run(input, func(place string, rows [][]F) {
		for _, a := range v.Ablate {
			if at, column, zero := placeOf(x, a.Part); at == place {
				ablated(rows, other[place], column, a.How, F(zero))
			}
		}
		for _, patch := range v.Patch {
			if at, column, _ := placeOf(x, patch.Name); at == place {
				_, from := run(patch.From, nil)
				rows[patch.Position+1][column] = from[place][patch.Position+1][column]
			}
		}
	})
	var list []inside.Row
	for _, row := range logits[1:] {
		var rounded inside.Row
		for _, x := range row {
			rounded = append(rounded, float32(x))
		}
		list = append(list, rounded)
	}
	return list
}

// ablated takes away a column, or all if it is -1.
func ablated[F float32 | float64](rows, other [][]F, column int, how string, zero F) {
	for d := range rows[0] {
		if column >= 0 && d != column {
			continue
		}
		sum := 0.0
		for _, row := range rows[1:] {
			sum += float64(row[d])
		}
		mean := F(sum / float64(len(rows)-1))
		for i := range rows {
			switch {
			case how == "resample":
				rows[i][d] = other[i][d]
			case how != "mean":
				rows[i][d] = zero
			case i > 0:
				rows[i][d] = mean
			}
		}
	}
}

// placeOf is where a plain forward pass has a part of a model, see kept; column -1 is all.
func placeOf(x *inside.Model, part string) (place string, column int, zero float64) {
	for d, name := range x.Names.Dims {
		if part == fmt.Sprintf("dim %d", d) {
			var l int
			switch {
			case strings.HasSuffix(name.Written, "attn"):
				fmt.Sscanf(name.Written, "blocks.%d", &l)
				return fmt.Sprintf("stage %d", 2*l+1), d, name.Offset
			case strings.HasSuffix(name.Written, "mlp"):
				fmt.Sscanf(name.Written, "blocks.%d", &l)
				return fmt.Sprintf("stage %d", 2*l+2), d, name.Offset
			}
			return "stage 0", d, name.Offset
		}
	}
	for l := range x.Layers {
		for h, name := range x.Names.Heads[l] {
			if name.Name == part {
				return fmt.Sprintf("%d.%d", l, h), -1, 0
			}
		}
		for n, name := range x.Names.Neurons[l] {
			if name.Name == part {
				return fmt.Sprintf("mlp %d", l), n, 0
			}
		}
	}
	return part, -1, 0
}

// alike: logits are the same but for rounding.
func alike(a, b []inside.Row) bool {
	for i := range a {
		largest := 1.0
		for _, y := range b[i] {
			largest = max(largest, math.Abs(float64(y)))
		}
		for c, y := range b[i] {
			if !(math.Abs(float64(a[i][c])-float64(y)) <= 1e-4*largest) {
				return false
			}
		}
	}
	return true
}
