package generate

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime"
	"rasp/runtime/model"
	"rasp/runtime/next"
)

// counting is a model of the tokens 0, 1 and 2, of which the one that is likeliest
// is n mod 3 after n tokens; it notes what it reads.
type counting struct {
	runtime.Engine
	read  int
	notes []string
}

func (c *counting) Reset() { c.read = 0 }

func (c *counting) Prefill(tokens []int) ([]float32, error) {
	c.notes = append(c.notes, "prefill")
	c.read = len(tokens)
	return c.logits(), nil
}

func (c *counting) Step(int) ([]float32, error) {
	c.notes = append(c.notes, "step")
	c.read++
	return c.logits(), nil
}

func (c *counting) logits() []float32 {
	logits := make([]float32, 3)
	logits[c.read%3] = 9
	return logits
}

func likeliest(t *testing.T) *next.Sampler {
	t.Helper()
	vocab := []model.Token{"0", "1", "2"}
	m := &model.Model{Config: model.Config{Causal: true}, Vocab: vocab, Outputs: []model.Output{{Name: "next", Classes: vocab, Next: true}}}
	p, err := next.Find(m, "")
	require.NoError(t, err)
	return p.Sampler(next.Choice{TopP: 1}, 1, 0)
}

func TestEndings(t *testing.T) {
	for _, test := range []struct {
		text Text
		want []int
		end  Ending
	}{
		{Text{Prompt: []int{0}, Most: 3, Longest: 9}, []int{1, 2, 0}, AtTokens},
		{Text{Prompt: []int{0}, Most: 0, Longest: 9}, nil, AtTokens},
		{Text{Prompt: []int{0}, Most: 9, Longest: 9, Stop: map[int]bool{0: true}}, []int{1, 2}, AtStop},
		{Text{Prompt: []int{0}, Most: 9, Longest: 2}, []int{1, 2}, AtLength},
		// After 2 tokens the newest is kept, with the one that was drawn: again 2.
		{Text{Prompt: []int{0}, Most: 4, Longest: 2, Slide: true}, []int{1, 2, 2, 2}, AtTokens},
		{Text{Prompt: []int{0, 0, 0, 0, 0}, Most: 1, Longest: 4, Slide: true}, []int{1}, AtTokens}, // the end of the prompt
	} {
		test.text.Engine, test.text.Sampler = &counting{}, likeliest(t)
		var got []int
		end, stop, err := test.text.Write(context.Background(), func(id int) error {
			got = append(got, id)
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, test.want, got)
		require.Equal(t, test.end, end)
		require.Zero(t, stop)
	}
}

// A token costs one step, but where the text slides.
func TestSteps(t *testing.T) {
	engine := &counting{}
	text := Text{Engine: engine, Sampler: likeliest(t), Prompt: []int{0}, Most: 6, Longest: 4, Slide: true}
	_, _, err := text.Write(context.Background(), func(int) error { return nil })
	require.NoError(t, err)
	require.Equal(t, []string{"prefill", "step", "step", "step", "prefill", "step"}, engine.notes)
}

// The logits that are looked at are those of which the token was drawn; a stop token has none.
func TestLook(t *testing.T) {
	var looked []int
	text := Text{Engine: &counting{}, Sampler: likeliest(t), Prompt: []int{0}, Most: 9, Longest: 9, Stop: map[int]bool{0: true}}
	text.Look = func(id int, logits []float32) {
		require.Equal(t, float32(9), logits[id])
		looked = append(looked, id)
	}
	_, _, err := text.Write(context.Background(), func(id int) error {
		require.Equal(t, id, looked[len(looked)-1])
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, looked)
}

type infinite struct{ counting }

func (*infinite) Prefill([]int) ([]float32, error) {
	return []float32{float32(math.Inf(1)), 0, 0}, nil
}

func TestErrors(t *testing.T) {
	text := Text{Engine: &infinite{}, Sampler: likeliest(t), Prompt: []int{0, 1}, Most: 1, Longest: 4}
	_, _, err := text.Write(context.Background(), nil)
	require.Equal(t, &UndefinedError{2}, err)

	text.Engine = &counting{}
	broken := errors.New("broken")
	_, _, err = text.Write(context.Background(), func(int) error { return broken })
	require.ErrorIs(t, err, broken)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = text.Write(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
}
