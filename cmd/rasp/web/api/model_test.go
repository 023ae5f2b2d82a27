package api

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"rasp/compiler/inside"
	"rasp/runtime/model"
)

// attempted is the answer to a request, whatever it is.
func attempted[R any](t *testing.T, h *Host, method string, params map[string]any) (result R, fault *rpc.Error) {
	t.Helper()
	text, fault := rpctest.Requested(t, h, method, params)
	if fault == nil {
		require.NoError(t, json.Unmarshal(text, &result), "%s", text)
	}
	return result, fault
}

// readyMade is a ready-made program of a request.
func readyMade(t *testing.T, name string) map[string]any {
	t.Helper()
	text, ok := open.ReadyMade(name)
	require.True(t, ok)
	return map[string]any{"text": text}
}

type changes []map[string]any

func TestCompileSaysWhatTheModelIs(t *testing.T) {
	made := rpctest.Asked[Made](t, New("test"), "compile", readyMade(t, "sort"))
	require.Equal(t, 2, made.Layers)
	require.Equal(t, 17302, made.Parameters)
	require.Equal(t, 581, made.Nonzero)
	require.Equal(t, "exact for every input over this vocabulary up to length 20", made.Certificate)
	require.Len(t, made.Stream.Dims, made.DModel)
	require.Equal(t, []string{"embed", "attn 0", "MLP 0", "attn 1", "MLP 1", "unembed"}, made.Stream.Stages)
	require.Len(t, made.Parts[0], 2)
	require.False(t, made.Predicts)
}

func TestRefusalHasAHint(t *testing.T) {
	_, fault := attempted[Made](t, New("test"), "compile", map[string]any{"text": "x = tokens;"})
	require.Contains(t, fault.Message, "vocabulary")
	require.Contains(t, fault.Data.Hint, "#rasp:vocab")
	require.Equal(t, 1, fault.Data.Faults[0].Line)
}

func TestTraceOfALayer(t *testing.T) {
	h := New("test")
	at := map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "position": 1}
	l := rpctest.Asked[Layer](t, h, "trace", at)
	require.Equal(t, []string{"c", "a", "b"}, l.Tokens)
	require.Equal(t, []string{"2", "0", "1"}, l.Held[0].Model)
	require.Equal(t, "place", l.Held[0].SOp)
	require.Len(t, l.Heads, 2)
	require.InDelta(t, 0.5, l.Heads[1].Shares[1][2], 1e-3, "c gives a half to a")
	require.Equal(t, 10, l.Active)
	require.Equal(t, "place: width of smaller or equal_on_the_left below 9.5", l.Neurons[0].Name)
	require.Equal(t, []string{"a", "b", "c"}, l.Outputs[0].Model)
	require.Empty(t, l.Outputs[0].Differ)

	at["changes"] = changes{{"kind": "ablate", "part": "0.1"}}
	l = rpctest.Asked[Layer](t, h, "trace", at)
	require.Equal(t, []int{0, 1, 2}, l.Held[0].Differ)
	require.Equal(t, []string{"a", "b", "c"}, l.Outputs[0].Before)
	require.Equal(t, []string{"a", "a", "a"}, l.Outputs[0].Model)
	require.Equal(t, []int{1, 2}, l.Outputs[0].Differ)
}

func TestOnlyTheFirstPositionsAreTold(t *testing.T) {
	program := map[string]any{"text": "#rasp:vocab \"ab\"\n#rasp:length 100\ny = aggregate(select(indices, indices, ==), tokens);\n"}
	input := make([]byte, 90)
	for i := range input {
		input[i] = "ab"[i%2]
	}
	l := rpctest.Asked[Layer](t, New("test"), "trace", map[string]any{"program": program, "input": string(input), "layer": -1, "position": 31})
	require.Len(t, l.Tokens, mostPositions)
	require.Equal(t, 90-mostPositions, l.Left.Positions)
	for _, held := range l.Held {
		require.Len(t, held.Model, mostPositions)
	}
	_, fault := attempted[Layer](t, New("test"), "trace", map[string]any{"program": program, "input": string(input), "layer": 0, "position": 32})
	require.Contains(t, fault.Message, "positions 0 to 31 are shown")
}

// TestChangedWeight has the numbers of docs/inside.md, where a weight of sort is edited.
func TestChangedWeight(t *testing.T) {
	h := New("test")
	edit := changes{{"kind": "weight", "tensor": "blocks.0.mlp.b_in", "index": 12, "weight": 1}}
	l := rpctest.Asked[Layer](t, h, "trace", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "position": 0, "changes": edit})
	require.Equal(t, 11, l.Active)
	require.Equal(t, []string{"no code", "no code", "no code"}, l.Held[0].Model)
	require.Equal(t, []string{"a", "a", "b"}, l.Outputs[0].Model)
	require.Equal(t, []string{"a", "b", "c"}, l.Outputs[0].Program)

	again := rpctest.Asked[Layer](t, h, "trace", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "position": 0})
	require.Equal(t, []string{"a", "b", "c"}, again.Outputs[0].Model, "the model itself is as it was")
}

func TestSharpnessOfNothingIsAMean(t *testing.T) {
	l := rpctest.Asked[Layer](t, New("test"), "trace", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 1, "position": 0, "changes": changes{{"kind": "sharpness", "by": 0}}})
	for _, w := range l.Heads[0].Weights[1] {
		require.InDelta(t, 0.25, w, 1e-6)
	}
}

func TestInterveneIsThatOfTheCommand(t *testing.T) {
	e := rpctest.Asked[inside.Effect](t, New("test"), "intervene", map[string]any{
		"program": readyMade(t, "sort"), "input": "cab", "changes": changes{{"kind": "set", "sop": "tokens", "position": 0, "value": "b"}}})
	require.True(t, *e.Agree)
	require.Equal(t, [][]model.Token{{`"a"`, `"b"`, `"b"`}}, e.Program)
	require.Len(t, e.Changed, 4)
}

func TestUnknownChangesAreRefused(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"unknown kind":     {"kind": "paint"},
		"no tensor":        {"kind": "weight", "tensor": "blocks.0.mlp.b_im"},
		"has 22 elements":  {"kind": "weight", "tensor": "blocks.0.mlp.b_in", "index": 22},
		"up to 1e+30":      {"kind": "weight", "tensor": "blocks.0.mlp.b_in", "weight": 1e300},
		"from 0 to 1000":   {"kind": "sharpness", "by": -1},
		"no part":          {"kind": "ablate", "part": "nobody"},
		"positions 0 to 2": {"kind": "set", "sop": "place", "position": 3, "value": "1"},
		"relies on each":   {"kind": "set", "sop": "indices", "position": 0, "value": "1"},
	} {
		_, fault := attempted[Layer](t, New("test"), "trace", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "changes": changes{change}})
		require.NotNil(t, fault, name)
		require.Contains(t, fault.Message, name)
	}
}

func TestVerifyInParts(t *testing.T) {
	h := New("test")
	p := map[string]any{"program": map[string]any{"text": "#rasp:vocab \"ab\"\n#rasp:length 6\ny = aggregate(select(indices, indices, ==), tokens);\n"}, "from": 0, "most": 100}
	v := rpctest.Asked[Verified](t, h, "verify", p)
	require.Equal(t, Verified{From: 0, Done: 100, Total: 126, Exhaustive: true, AllUpTo: 6}, v)
	p["from"] = v.Done
	require.Equal(t, 126, rpctest.Asked[Verified](t, h, "verify", p).Done)
}

func TestVerifyFindsWhatAChangedWeightBreaks(t *testing.T) {
	v := rpctest.Asked[Verified](t, New("test"), "verify", map[string]any{"program": readyMade(t, "sort"), "from": 0, "most": 100,
		"changes": changes{{"kind": "weight", "tensor": "blocks.0.mlp.b_in", "index": 12, "weight": 1}}})
	require.Equal(t, "ab", v.Counterexample.Text)
	require.JSONEq(t, `["a","a"]`, string(v.Counterexample.Model))
	require.JSONEq(t, `["a","b"]`, string(v.Counterexample.Interpreter))
	require.Equal(t, 1, v.Counterexample.Position)
}

func TestWeightsAreThoseOfTheModel(t *testing.T) {
	h := New("test")
	c := modelOf(t, h, Program{Text: readyMade(t, "sort")["text"].(string)})
	for _, tensor := range c.Tensors() {
		w := rpctest.Asked[Weights](t, h, "weights", map[string]any{"program": readyMade(t, "sort"), "tensor": tensor.Name, "head": 1})
		for i, row := range w.Rows {
			for j, column := range w.Columns {
				require.InDelta(t, tensor.Weights().At(row.Number, column.Number), w.Cells[i][j], 1e-9, tensor.Name)
			}
		}
	}
}

func TestCircuitsOfAHead(t *testing.T) {
	h := New("test")
	maps := rpctest.Asked[[]struct {
		Title string
		Rows  []string
		Cells [][]*float64
	}](t, h, "circuits", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "head": 1})
	require.Len(t, maps, 2)
	require.Equal(t, "tokens a", maps[0].Rows[0])
	require.InDelta(t, -256, *maps[0].Cells[1][1], 1e-6)
	_, fault := attempted[any](t, h, "circuits", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 1, "head": 1})
	require.Contains(t, fault.Message, "no head 1.1")
}

func TestDownloads(t *testing.T) {
	h := New("test")
	c := modelOf(t, h, Program{Text: readyMade(t, "sort")["text"].(string)})
	for kind, has := range map[string]string{"model": `"blocks.0.attn.W_Q"`, "trace": `"given"`, "names": `"sops"`, "svg": "<svg", "html": "<!DOCTYPE html>"} {
		f := rpctest.Asked[File](t, h, "download", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "kind": kind})
		require.Contains(t, string(f.Content), has, kind)
	}
	require.NotNil(t, c)
	_, fault := attempted[File](t, h, "download", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "kind": "exe"})
	require.Contains(t, fault.Message, "unknown kind")
}

func TestNextAndGenerate(t *testing.T) {
	h := New("test")
	p := readyMade(t, "shannon")
	made := rpctest.Asked[Made](t, h, "compile", p)
	require.True(t, made.Predicts)
	d := rpctest.Asked[Distribution](t, h, "next", map[string]any{"program": p, "text": "sh", "temperature": 1, "top": 5})
	require.NotEmpty(t, d.Next)
	one := rpctest.Asked[Generated](t, h, "generate", map[string]any{"program": p, "text": "sh", "tokens": 20, "temperature": 1, "seed": 3})
	same := rpctest.Asked[Generated](t, h, "generate", map[string]any{"program": p, "text": "sh", "tokens": 20, "temperature": 1, "seed": 3})
	require.Equal(t, one, same)
	require.NotEmpty(t, one.Text)
	_, fault := attempted[Generated](t, h, "generate", map[string]any{"program": readyMade(t, "sort"), "text": "cab", "tokens": 3, "temperature": 1})
	require.NotNil(t, fault)
}

// TestSetIsAlsoInTheProgram: beside a model in which an s-op is set stands the program in which
// it is, as rasp intervene has it.
func TestSetIsAlsoInTheProgram(t *testing.T) {
	l := rpctest.Asked[Layer](t, New("test"), "trace", map[string]any{"program": readyMade(t, "sort"), "input": "cab", "layer": 0, "position": 0,
		"changes": changes{{"kind": "set", "sop": "tokens", "position": 0, "value": "b"}}})
	require.Equal(t, []string{"a", "b", "b"}, l.Outputs[0].Model)
	require.Equal(t, []string{"a", "b", "b"}, l.Outputs[0].Program)
	require.Equal(t, []string{"a", "b", "c"}, l.Outputs[0].Before)
	require.Empty(t, l.Outputs[0].Differ)
	for _, h := range l.Held {
		require.Empty(t, h.Differ, h.SOp)
	}
}
