package perplexity

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/text"
)

// scored is a token with the context that it is scored in.
type scored struct{ token, context int }

// huggingFace is the loop of its documentation, for a text of n tokens.
func huggingFace(n, length, stride int) (list []scored) {
	before := 0
	for begin := 0; begin < n; begin += stride {
		end := min(begin+length, n)
		for t := max(before, begin+1); t < end; t++ { // the labels are shifted by one
			list = append(list, scored{t, t - begin})
		}
		before = end
		if end == n {
			break
		}
	}
	return list
}

func cutUp(t *testing.T, n, longest, stride int) (list []scored) {
	c := newCutter(longest, stride, func(tokens []text.Token, from int) error {
		require.LessOrEqual(t, len(tokens), longest+1)
		for i := from; i < len(tokens); i++ {
			list = append(list, scored{tokens[i].Number, i})
		}
		return nil
	})
	for i := range n {
		require.NoError(t, c.add(text.Token{Number: i, Begins: i == 0}))
	}
	require.NoError(t, c.finish())
	return list
}

func TestWindowsAreThoseOfHuggingFace(t *testing.T) {
	for longest := 1; longest <= 9; longest++ {
		for stride := 1; stride <= longest; stride++ {
			for n := range 40 {
				name := fmt.Sprintf("%d tokens, length %d, stride %d", n, longest, stride)
				got := cutUp(t, n, longest, stride)
				length := longest
				if n == longest+1 || stride == longest {
					length++ // where the package says that it differs
				}
				require.Equal(t, huggingFace(n, length, stride), got, name)
				for i, s := range got { // each once, but for the first
					require.Equal(t, i+1, s.token, name)
					require.GreaterOrEqual(t, s.context, min(s.token, max(longest-stride, 1)), name)
				}
				require.Len(t, got, max(n-1, 0), name)
			}
		}
	}
}

func TestDefaultStrideKeepsHalf(t *testing.T) {
	for longest := 1; longest < 20; longest++ {
		stride := DefaultStride(longest)
		require.GreaterOrEqual(t, stride, 1)
		require.GreaterOrEqual(t, 2*(longest-stride), longest-1)
	}
}
