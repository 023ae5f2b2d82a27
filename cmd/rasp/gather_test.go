package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The first piece is written at once; those that follow upon it together, when their time has come
// and not later, whether another one comes or not.
func TestGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &writes{}
		g := &gathered{to: out}
		require.NoError(t, g.show("a"))
		require.Equal(t, []string{"a"}, out.list)
		require.NoError(t, g.show("b"))
		time.Sleep(gathering / 2)
		require.NoError(t, g.show("c"))
		require.Equal(t, []string{"a"}, out.list)
		time.Sleep(gathering)
		require.Equal(t, []string{"a", "bc"}, out.list)

		time.Sleep(2 * gathering)
		require.NoError(t, g.show("d"))
		require.NoError(t, g.show("e"))
		require.NoError(t, g.flush())
		require.NoError(t, g.flush())
		time.Sleep(2 * gathering)
		require.Equal(t, []string{"a", "bc", "d", "e"}, out.list)
	})
}

// What cannot be written is an error of the piece, of the next one or of the end.
func TestGatheredFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.Error(t, (&gathered{to: full{}}).show("a"))

		g := &gathered{to: full{}, last: time.Now()}
		require.NoError(t, g.show("a"))
		time.Sleep(gathering)
		require.Error(t, g.show("b"))

		g = &gathered{to: full{}, last: time.Now()}
		require.NoError(t, g.show("a"))
		require.Error(t, g.flush())
	})
}
