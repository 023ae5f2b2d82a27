package batch_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/batch"
)

func upTo(n int, last error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if last != nil {
			yield(0, last)
		}
	}
}

// Results come in the order of the jobs, though later ones are done first.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		slowFirst := func(n int) int {
			time.Sleep(time.Duration(100-n) * time.Second)
			return n * n
		}
		require.NoError(t, batch.Each(t.Context(), upTo(100, nil), 7, slowFirst, func(n int) error {
			got = append(got, n)
			return nil
		}))
		require.Len(t, got, 100)
		for i, n := range got {
			assert.Equal(t, i*i, n)
		}
	})
}

// Jobs are not read far ahead of one that takes long: their results would be held.
func TestBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Int64
		err := batch.Each(t.Context(), upTo(100_000, nil), 2, func(n int) int {
			if n == 0 {
				time.Sleep(time.Hour)
				assert.Less(t, done.Load(), int64(1000))
			}
			done.Add(1)
			return n
		}, func(int) error { return nil })
		require.NoError(t, err)
		assert.EqualValues(t, 100_000, done.Load())
	})
}

func TestErrors(t *testing.T) {
	double := func(n int) int { return 2 * n }
	ignore := func(int) error { return nil }
	broken := errors.New("broken")
	count := 0
	assert.ErrorIs(t, batch.Each(t.Context(), upTo(5, broken), 2, double, func(int) error {
		count++
		return nil
	}), broken)
	assert.Equal(t, 5, count, "of what came before")
	assert.ErrorIs(t, batch.Each(t.Context(), upTo(5000, nil), 2, double, func(n int) error {
		if n == 40 {
			return broken
		}
		return nil
	}), broken)
	ctx, end := context.WithCancel(t.Context())
	assert.ErrorIs(t, batch.Each(ctx, upTo(5000, nil), 2, double, func(n int) error {
		end()
		return nil
	}), context.Canceled)
	assert.NoError(t, batch.Each(t.Context(), upTo(0, nil), 2, double, ignore))
}
