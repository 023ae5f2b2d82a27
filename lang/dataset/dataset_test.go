package dataset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"rasp/lang/domain"
	"rasp/lang/interp"
	"rasp/lang/value"
)

func letters(t *testing.T, vocab string, length int, form string) domain.Domain {
	t.Helper()
	d := domain.Domain{Length: length}
	for _, c := range vocab {
		d.Vocab = append(d.Vocab, value.OfString(string(c)))
	}
	if form != "" {
		var err error
		d, err = d.Of(form)
		require.NoError(t, err)
	}
	return d
}

func TestPermutationIsOne(t *testing.T) {
	for _, n := range []int{1, 2, 3, 100, small, small + 1, 5000, 1 << 16, 100_003} {
		p := newPermutation(n, rand.New(rand.NewPCG(1, uint64(n))))
		seen := make([]bool, n)
		for i := range n {
			seen[p.at(i)] = true
		}
		require.NotContains(t, seen, false, "%d", n)
	}
}

// The first numbers of the orders of a size, by many keys, are anywhere.
func TestPermutationLooksRandom(t *testing.T) {
	const n, cells, tries = 10_000, 50, 20_000
	for _, place := range []int{0, 1, n - 1} {
		var count [cells]int
		for seed := range uint64(tries) {
			count[newPermutation(n, rand.New(rand.NewPCG(seed, 7))).at(place)*cells/n]++
		}
		requireEven(t, count[:], tries)
	}
}

// requireEven is a chi-square test.
func requireEven(t *testing.T, count []int, total int) {
	t.Helper()
	square, want := 0.0, float64(total)/float64(len(count))
	for _, n := range count {
		square += (float64(n) - want) * (float64(n) - want) / want
	}
	require.Greater(t, distuv.ChiSquared{K: float64(len(count) - 1)}.Survival(square), 1e-5, "%v", count)
}

// All inputs of a domain come, each once; all in order with All.
func TestInputsOnce(t *testing.T) {
	for _, d := range []domain.Domain{letters(t, "abc", 7, ""), letters(t, "a", 5, ""), letters(t, "ab=", 8, `one "="`), letters(t, "abc", 9, "a* b* c c")} {
		count, exact := d.Count()
		require.True(t, exact)
		for _, by := range []Distribution{Uniform, Lengths, All} {
			inputs, seen, order := NewInputs(d, by, 3), map[string]bool{}, [][]int(nil)
			for {
				ids, ok := inputs.Next(nil)
				if !ok {
					break
				}
				require.True(t, d.Has(ids), "%v", ids)
				seen[fmt.Sprint(ids)] = true
				order = append(order, ids)
			}
			require.Len(t, seen, count, "%s", by)
			require.Len(t, order, count, "%s", by)
			inOrder := slices.IsSortedFunc(order, func(a, b []int) int {
				if len(a) != len(b) {
					return len(a) - len(b)
				}
				return slices.Compare(a, b)
			})
			if by == All || count > 10 {
				require.Equal(t, by == All, inOrder, "%s", by)
			}
		}
	}
}

// The first input that is drawn is each with the same chance, or of each length.
func TestDistributions(t *testing.T) {
	const tries = 30_000
	for _, d := range []domain.Domain{letters(t, "ab", 4, ""), letters(t, "ab=", 4, `one "="`)} {
		count, _ := d.Count()
		inputs, lengths, number := make([]int, count), make([]int, len(d.Lengths())), map[string]int{}
		for seed := range uint64(tries) {
			ids, _ := NewInputs(d, Uniform, seed).Next(nil)
			name := fmt.Sprint(ids)
			if _, ok := number[name]; !ok {
				number[name] = len(number)
			}
			inputs[number[name]]++
			ids, _ = NewInputs(d, Lengths, seed).Next(nil)
			lengths[slices.Index(d.Lengths(), len(ids))]++
		}
		requireEven(t, inputs, tries)
		requireEven(t, lengths, tries)
	}
}

// Where there are more inputs than can be counted, none comes twice either.
func TestInputsBeyondCount(t *testing.T) {
	for _, d := range []domain.Domain{letters(t, "abcdefghij", 40, ""), letters(t, "abcdefghij", 40, `at most one "a"`)} {
		_, exact := d.Count()
		require.False(t, exact)
		for _, by := range []Distribution{Uniform, Lengths} {
			inputs, seen, longest := NewInputs(d, by, 3), map[string]bool{}, 0
			var ids []int
			for range 5000 {
				ids, _ = inputs.Next(ids)
				require.True(t, d.Has(ids))
				require.False(t, seen[fmt.Sprint(ids)])
				seen[fmt.Sprint(ids)] = true
				if len(ids) == d.Length {
					longest++
				}
			}
			switch by {
			case Uniform: // nine tenths, or somewhat less
				require.InDelta(t, 4450, longest, 100)
			case Lengths:
				require.InDelta(t, 5000/40, longest, 50)
			}
		}
	}
	d := letters(t, "a", 1, "")
	s := &Inputs{domain: d, random: rand.New(rand.NewPCG(1, 1)), lengths: []*ofLength{{length: 1, seen: map[uint64]bool{}}}}
	ids, ok := s.Next(nil)
	require.True(t, ok)
	require.True(t, s.lengths[0].seen[fingerprint(ids)], "what was drawn is remembered")
}

// Every way to change so many tokens has a number.
func TestChanges(t *testing.T) {
	ids := []int{0, 2, 1, 1, 0}
	for distance := 1; distance <= 5; distance++ {
		c, few := newChanges(5, distance, 3)
		require.True(t, few)
		require.Equal(t, choose(5, distance)*int(math.Pow(2, float64(distance))), c.count)
		seen := map[string]bool{}
		for k := range c.count {
			changed, places := c.apply(k, ids)
			var differ []int
			for i := range ids {
				require.Less(t, changed[i], 3)
				if changed[i] != ids[i] {
					differ = append(differ, i)
				}
			}
			require.Equal(t, differ, places)
			require.Len(t, places, distance)
			seen[fmt.Sprint(changed)] = true
		}
		require.Len(t, seen, c.count)
	}
	_, few := newChanges(4096, 3, 100)
	require.False(t, few)
	_, few = newChanges(4, 2, 1<<40>>20)
	require.False(t, few)
	c, few := newChanges(3, 2, 1)
	require.True(t, few)
	require.Zero(t, c.count)
}

// majority is an s-op that few changes change: whether there are more a than b, at
// each position of those up to it; it fails where an input begins with "bb".
func majority(input []value.Value) ([]value.Value, error) {
	if len(input) > 1 && input[0].Text() == "b" && input[1].Text() == "b" {
		return nil, &interp.Fault{Message: "bb"}
	}
	more, values := 0, make([]value.Value, len(input))
	for i, v := range input {
		switch v.Text() {
		case "a":
			more++
		case "b":
			more--
		}
		values[i] = value.OfBool(more > 0)
	}
	return values, nil
}

func labelsOf(f func([]value.Value) ([]value.Value, error)) Labels {
	return func(input []value.Value) ([][]value.Value, error) {
		values, err := f(input)
		return [][]value.Value{values}, err
	}
}

func distance(a, b []value.Value) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// Pairs are the nearest there are, by all inputs of the domain; where there is none, none is
// found.
func TestPairsAreNearest(t *testing.T) {
	for _, form := range []string{"", `one "="`} {
		d := letters(t, "ab=", 5, form)
		var inputs [][]value.Value
		for all := NewInputs(d, All, 0); ; {
			ids, ok := all.Next(nil)
			if !ok {
				break
			}
			inputs = append(inputs, d.Values(ids, nil))
		}
		for _, position := range []int{-1, 0, 3} {
			nearest := func(input []value.Value) int {
				p, least := &Pairs{Position: position}, math.MaxInt
				clean, err := majority(input)
				if err != nil {
					return least
				}
				for _, other := range inputs {
					if len(other) != len(input) {
						continue
					}
					if corrupt, err := majority(other); err == nil && p.differ(clean, corrupt) >= 0 {
						least = min(least, distance(input, other))
					}
				}
				return least
			}
			s := Set{Domain: d, Distribution: All, Labels: labelsOf(majority), Pairs: &Pairs{Value: majority, Position: position}}
			paired := map[string]bool{}
			_, err := s.Each(context.Background(), func(x Example) error {
				paired[fmt.Sprint(x.Input)] = true
				require.Equal(t, nearest(x.Input), distance(x.Input, x.Corrupt.Input))
				require.Len(t, x.Changed, distance(x.Input, x.Corrupt.Input))
				require.NotEqual(t, x.Clean, x.CorruptValue)
				require.Equal(t, x.Clean, x.Labels[0][x.Position])
				require.Equal(t, x.CorruptValue, x.Corrupt.Labels[0][x.Position])
				if position >= 0 {
					require.Equal(t, position, x.Position)
				}
				return nil
			})
			require.NoError(t, err)
			for _, input := range inputs {
				can := position < len(input) && nearest(input) < math.MaxInt
				require.Equal(t, can, paired[fmt.Sprint(input)], "%v at %d", input, position)
			}
		}
	}
}

func TestParts(t *testing.T) {
	require.Equal(t, []int{8, 1, 1}, Sizes([]float64{0.8, 0.1, 0.1}, 10))
	require.Equal(t, []int{3, 2, 2}, Sizes([]float64{1. / 3, 1. / 3, 1. / 3}, 7))
	require.Equal(t, []int{1, 0}, Sizes([]float64{0.9, 0.1}, 1))
	require.Equal(t, []int{7}, Sizes(nil, 7))

	d := letters(t, "ab=", 6, "")
	s := Set{Domain: d, Distribution: Uniform, Count: 500, Labels: labelsOf(majority), Parts: []float64{0.7, 0.2, 0.1}}
	sizes, owner := [3]int{}, map[string]int{}
	early := [3]int{}
	report, err := s.Each(context.Background(), func(x Example) error {
		if sizes[0]+sizes[1]+sizes[2] < 250 {
			early[x.Part]++
		}
		sizes[x.Part]++
		require.NotContains(t, owner, fmt.Sprint(x.Input))
		owner[fmt.Sprint(x.Input)] = x.Part
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 500, report.Examples)
	require.Positive(t, report.Failed)
	require.Equal(t, [3]int{350, 100, 50}, sizes)
	require.InDelta(t, 175, early[0], 40, "parts are dealt out at random")

	// Of pairs no input is in two parts.
	s.Pairs, s.Count, owner, sizes = &Pairs{Value: majority, Position: -1}, 200, map[string]int{}, [3]int{}
	report, err = s.Each(context.Background(), func(x Example) error {
		sizes[x.Part]++
		for _, input := range [][]value.Value{x.Input, x.Corrupt.Input} {
			part, ok := owner[fmt.Sprint(input)]
			require.True(t, !ok || part == x.Part)
			owner[fmt.Sprint(input)] = x.Part
		}
		return nil
	})
	require.NoError(t, err)
	require.Positive(t, report.Torn)
	require.Equal(t, [3]int{140, 40, 20}, sizes)
}

// The same seed gives the same examples, and more of them if more are asked for.
func TestSeeds(t *testing.T) {
	draw := func(seed uint64, count int) (inputs []string) {
		s := Set{Domain: letters(t, "abc", 12, ""), Distribution: Uniform, Count: count, Seed: seed, Labels: labelsOf(majority), Pairs: &Pairs{Value: majority, Position: -1}}
		_, err := s.Each(context.Background(), func(x Example) error {
			inputs = append(inputs, fmt.Sprint(x.Input, x.Corrupt.Input))
			return nil
		})
		require.NoError(t, err)
		return inputs
	}
	require.Equal(t, draw(1, 20), draw(1, 20))
	require.Equal(t, draw(1, 40)[:20], draw(1, 20))
	require.NotEqual(t, draw(1, 20), draw(2, 20))
}

func TestErrors(t *testing.T) {
	show := func(Example) error { return nil }
	s := Set{Domain: letters(t, "ab", 2, ""), Distribution: Uniform, Count: 7, Labels: labelsOf(majority)}
	_, err := s.Each(context.Background(), show)
	var short *ShortError
	require.ErrorAs(t, err, &short)
	require.Equal(t, 5, short.Examples)

	broken := errors.New("broken")
	s.Count = 2
	_, err = s.Each(context.Background(), func(Example) error { return broken })
	require.ErrorIs(t, err, broken)
	s.Labels = func([]value.Value) ([][]value.Value, error) { return nil, broken }
	_, err = s.Each(context.Background(), show)
	require.ErrorIs(t, err, broken)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = s.Each(ctx, show)
	require.ErrorIs(t, err, context.Canceled)

	s.Domain, s.Labels = letters(t, "ab", 60, ""), func([]value.Value) ([][]value.Value, error) { return nil, &interp.Fault{} }
	_, err = s.Each(context.Background(), show)
	require.ErrorIs(t, err, ErrNone)
}
