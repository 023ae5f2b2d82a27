package lower

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang/value"
	"rasp/runtime/model"
)

// TestWrites: a class is written as the value that it stands for, of its type.
func TestWrites(t *testing.T) {
	i, f, s, b := value.OfInt, value.OfFloat, value.OfString, value.OfBool
	for _, test := range []struct {
		token    model.Token
		v        value.Value
		rounding float64
		want     bool
	}{
		{"1", i(1), 0, true}, {"1", f(1), 0, false}, {"1.0", f(1), 0, true}, {"1", b(true), 0, false}, {"true", b(true), 0, true},
		{`"1"`, i(1), 0, false}, {`"1"`, s("1"), 0, true}, {`"NaN"`, f(math.NaN()), 0, true}, {`"Infinity"`, f(math.Inf(1)), 0, true},
		{"1.7976931348623157e+308", f(math.Inf(1)), 1, false}, {"0.0", f(math.Copysign(0, -1)), 0, false},
		{"4111111111111111", i(4111111111111112), 0, false}, {"0.3", f(0.30000000000000004), 0, false},
		{"0.3", f(0.30000000000000004), 1e-16, true}, {"3", i(4), 1, false},
	} {
		assert.Equal(t, test.want, writes(test.token, test.v, test.rounding), "%s for %v", test.token, test.v)
	}
}
