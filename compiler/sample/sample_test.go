package sample

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/runtime/bounded"
)

// TestPrograms are programs, the same ones each time, and their inputs are of their
// domain. Nearly all of them do something.
func TestPrograms(t *testing.T) {
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			sound := 0
			for seed := range uint64(300) {
				text := Program(rand.New(rand.NewPCG(seed, 1)), kind)
				require.Equal(t, text, Program(rand.New(rand.NewPCG(seed, 1)), kind))
				p, faults := lang.Parse("random.rasp", text)
				for _, d := range faults {
					require.NotEqual(t, diag.Syntax, d.Kind, "%s\n%s", d.Message, text)
					require.NotEqual(t, diag.Undefined, d.Kind, "%s\n%s", d.Message, text)
				}
				d := domain.Domain{Vocab: p.File.Directives.Vocab, Length: p.File.Directives.Length}
				require.NotEmpty(t, d.Vocab, text)
				for _, input := range Inputs(rand.New(rand.NewPCG(seed, 2)), text, d, 20) {
					require.NotEmpty(t, input, text)
					require.LessOrEqual(t, len(input), d.Length, text)
					for _, id := range input {
						require.Less(t, id, len(d.Vocab))
					}
				}
				if _, missing := p.Outputs(nil, d.Vocab); faults.Err() == nil && missing == nil {
					sound++
				}
			}
			assert.Greater(t, sound, 180)
		})
	}
}

// TestInputsToTry: an input in a comment comes first, then its tokens in other orders.
func TestInputsToTry(t *testing.T) {
	text := "#rasp:vocab [0.3, 4, 0.7]\n#rasp:length 3\nx = tokens_float;\n# try [0.7, 0.3, 0.3]\n"
	p, faults := lang.Parse("random.rasp", text)
	require.NoError(t, faults.Err())
	inputs := Inputs(rand.New(rand.NewPCG(1, 2)), text, domain.Domain{Vocab: p.File.Directives.Vocab, Length: 3}, 0)
	require.Len(t, inputs, 8)
	require.Equal(t, []int{2, 0, 0}, inputs[0])
	for _, input := range inputs {
		require.ElementsMatch(t, inputs[0], input)
	}
}

// TestText: what the grammar gives is grammatical, and bytes steer it.
func TestText(t *testing.T) {
	for seed := range uint64(300) {
		text := Text(rand.New(rand.NewPCG(seed, 1)))
		_, faults := lang.Parse("text.rasp", text)
		for _, d := range faults {
			require.NotEqual(t, diag.Syntax, d.Kind, "%s\n%s", d.Message, text)
		}
	}
	different := map[string]bool{}
	for first := range 256 {
		choices := []byte{byte(first), byte(first)}
		different[Text(bounded.Choices(choices))] = true
		require.Equal(t, Text(bounded.Choices(choices)), Text(bounded.Choices(choices)))
	}
	require.Greater(t, len(different), 8)
}
