package bounded

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// recorder is a test that remembers that it failed.
type recorder struct {
	testing.TB
	failed   int
	cleanups []func()
}

func (r *recorder) Errorf(string, ...any) { r.failed++ }
func (r *recorder) Cleanup(f func())      { r.cleanups = append(r.cleanups, f) }
func (r *recorder) end() {
	for _, f := range r.cleanups {
		f()
	}
}

var kept []byte // what is allocated is used

func TestWork(t *testing.T) {
	for _, c := range []struct{ times, failed int }{{1, 0}, {40, 1}} {
		r := &recorder{TB: t}
		Work(r)
		for range c.times {
			kept = make([]byte, 1<<26)
		}
		r.end()
		require.Equal(t, c.failed, r.failed)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		message, given string
		failed         int
	}{
		{"line 3: expected a number", "", 0},
		{`strconv.Atoi: parsing "x"`, "x", 1},
		{"a list of 3%!(EXTRA int=4)", "", 1},
		{`expected a number, found "50%!"`, "x = 50%!", 0},
	} {
		r := &recorder{TB: t}
		Words(r, c.message, c.given)
		require.Equal(t, c.failed, r.failed, c.message)
	}
}
