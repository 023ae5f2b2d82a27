package predict_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/lang/interp"
	"rasp/lang/predict"
	"rasp/stdlib"
)

// TestManyInputs: after many inputs, when what they have in common is looked up, the
// ready-made programs give what they give to each input by itself, faults too.
func TestManyInputs(t *testing.T) {
	files, err := stdlib.FS.ReadDir(".")
	require.NoError(t, err)
	for _, file := range files {
		if file.Name() == "library.rasp" {
			continue
		}
		text, err := stdlib.FS.ReadFile(file.Name())
		require.NoError(t, err)
		p, faults := lang.Parse(file.Name(), string(text))
		require.NoError(t, faults.Err())
		given := p.File.Directives
		outputs, fault := p.Outputs(nil, given.Vocab)
		require.Nil(t, fault)
		if outputs[0].Next != nil {
			continue
		}
		d := domain.Domain{Vocab: given.Vocab, Length: 20, Causal: given.Causal}
		_, first := d.UpTo(600)
		many, alone := predict.New(outputs, d.Vocab, d.Causal), interp.New(d.Causal, graph.Roots(outputs)...)
		for input := range (domain.Inputs{Domain: d, First: first, Random: 300}).All() {
			got, err := many.Run(input)
			want := alone.Run(input)
			require.Equal(t, want == nil, err == nil, "%s: %v", file.Name(), input)
			for i, o := range outputs {
				if err == nil && !slices.Equal(alone.Sequence(o.Node), got[i].Sequence) {
					t.Fatalf("%s: %v: %v, want %v", file.Name(), input, got[i].Sequence, alone.Sequence(o.Node))
				}
			}
		}
	}
}
