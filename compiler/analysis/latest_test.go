package analysis

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/compiler/facts"
)

// numbers has names for what follows.
const numbers = `#rasp:vocab 0..3
#rasp:length 4
t = tokens_int;
at = t % 2 if indices > 1 else -1;
same = select(at, at, ==);
upto = select(indices, indices, <=);
since = select(indices, indices, >=);
before = select(indices, indices, <);
m = select(at, t, ==);
even = select(t % 2, 0, ==);
nth = selector_width(same and upto);
back = selector_width(since and same);
nth0 = selector_width(same and before);
`

// TestPicked: which selectors select the latest or the earliest of some keys, and which
// nearly do.
func TestPicked(t *testing.T) {
	for _, c := range []struct {
		selector       string
		pick, inCausal facts.Pick
		one            bool // key at most, in both modes
	}{
		{"m and upto and select(nth, selector_width(m and upto), ==)", facts.Latest, facts.Latest, true},
		{"upto and (select(nth, selector_width(upto and m), ==) and m)", facts.Latest, facts.Latest, true},
		{"m and before and select(nth, selector_width(m and before), ==)", facts.Latest, facts.Latest, true},
		{"m and select(nth, selector_width(m), ==)", facts.Latest, facts.Latest, true},
		{"m and select(indices, t, <) and select(nth, selector_width(m and select(indices, t, <)), ==)", facts.Latest, facts.Latest, true},
		{"m and upto and select(nth0, selector_width(m and upto) - 1, ==)", facts.Latest, facts.Latest, true},
		{"m and upto and select(nth, 1, ==)", facts.Earliest, facts.Earliest, true},
		{"m and select(nth0, 0, ==)", facts.Earliest, facts.Earliest, true},
		{"m and select(back, 1, ==)", facts.Latest, facts.Every, false},
		{"m and since and select(back, selector_width(m and since), ==)", facts.Earliest, facts.Every, false},
		{"same and select(nth, selector_width(same), ==)", facts.Latest, facts.Latest, true},
		{"m and even and select(selector_width(same and even and upto), selector_width(m and even), ==)", facts.Latest, facts.Latest, true},
		{"m and even and select(selector_width(same and select(t % 2, t % 2, ==) and upto), selector_width(m and even), ==)", facts.Latest, facts.Latest, true},

		{"m and upto and select(nth, selector_width(m and before), ==)", facts.Every, facts.Every, true}, // the one before
		{"m and upto and select(nth, selector_width(m and upto) - 1, ==)", facts.Every, facts.Every, true},
		{"m and upto and select(nth0, selector_width(m and upto), ==)", facts.Every, facts.Every, true},
		{"m and upto and select(nth, t, ==)", facts.Every, facts.Every, true},
		{"m and upto and since and select(nth, selector_width(m and upto and since), ==)", facts.Every, facts.Every, true},
		{"m and since and select(nth, 1, ==)", facts.Every, facts.Every, true},
		{"m and even and select(nth, selector_width(m and even), ==)", facts.Every, facts.Every, true},
		{"m and select(selector_width(same and even and upto), selector_width(m), ==)", facts.Every, facts.Every, false},
		{"m and select(nth, selector_width(m), <=)", facts.Every, facts.Every, false},
		{"m and select(selector_width(same), selector_width(m), ==)", facts.Every, facts.Latest, false}, // all alike, but for causal ones
		{"even and select(nth, selector_width(even), ==)", facts.Every, facts.Every, false},
		{"m or select(nth, 1, ==)", facts.Every, facts.Every, false},
		{"m and select(selector_width(select(t, at, ==) and upto), selector_width(m), ==)", facts.Every, facts.Every, false},
	} {
		one := true
		for causal, want := range map[bool]facts.Pick{false: c.pick, true: c.inCausal} {
			text := numbers
			if causal {
				text += "#rasp:causal\n"
			}
			f := factsOf(t, text+"x = aggregate("+c.selector+", tokens + \"!\", \"\");")
			sel := f.roots[0].Args[0]
			_, pick := f.analysis.picked(sel)
			assert.Equal(t, want, pick, "%s, causal %t", c.selector, causal)
			one = one && f.analysis.atMostOneNumbered(sel)
		}
		assert.Equal(t, c.one, one, c.selector)
	}
}
