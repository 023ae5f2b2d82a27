package model

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumber(t *testing.T) {
	inf := float32(math.Inf(1))
	negativeZero := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		value   float32
		isFloat bool
		want    Token
	}{
		{3, false, "3"},
		{2.6, false, "3"},
		{2.5, false, "2"},
		{-0.4, false, "0"},
		{0.5, false, "0"},
		{-0.5, false, "0"},
		{1.5, false, "2"},
		{-0.6, false, "-1"},
		{math.Nextafter32(0.5, 0), false, "0"},
		{1023.5, false, "1024"},
		{1023.4, false, "1023"},
		{negativeZero, false, "0"},
		{-17.0001, false, "-17"},
		{16777216, false, "16777216"},
		{1 << 31, false, "2147483648"},
		{3, true, "3.0"},
		{0, true, "0.0"},
		{negativeZero, true, "-0.0"},
		{0.1, true, "0.1"},
		{1.0 / 3, true, "0.33333334"},
		{1e6, true, "1000000.0"},
		{1e15, true, "1000000000000000.0"},
		{1e16, true, "1e+16"},
		{1e-4, true, "0.0001"},
		{-1.5e-5, true, "-1.5e-05"},
		{inf, true, `"Infinity"`},
		{-inf, false, `"-Infinity"`},
		{float32(math.NaN()), false, `"NaN"`},
	} {
		got := number(c.value, c.isFloat)
		require.Equal(t, c.want, got)
		require.True(t, got.isScalar())
	}
}

func TestDecode(t *testing.T) {
	class := Output{Column: 1, Classes: []Token{`"a"`, `"b"`, `"c"`}}
	require.Equal(t, Token(`"b"`), class.Decode([]float32{9, 1, 3, 2, 9}))
	require.Equal(t, Token(`"b"`), class.Decode([]float32{9, 1, 3, 3, 9}), "the first of equals")
	require.Equal(t, Token(`"a"`), class.Decode([]float32{9, -1, -1, -1, 9}))

	value := Output{Column: 2}
	require.Equal(t, Token("4"), value.Decode([]float32{0, 0, 4.25, 0.5}))
	require.Equal(t, Token("4.25"), value.Decode([]float32{0, 0, 4.25, 0.75}))
}

func TestDecodeNext(t *testing.T) {
	o := Output{Column: 1, Classes: []Token{`"a"`, `"b"`, `"c"`}, Next: true}
	require.Equal(t, Token(`"b"`), o.Decode([]float32{9, 1, 3, 2}))
	require.Equal(t, Token(`"a"`), o.Decode([]float32{9, 2.9999998, 3, 2}), "the first of equals, but for rounding")
}

// TestUndefined: of logits that are no numbers, or infinite, no class follows.
func TestUndefined(t *testing.T) {
	o := Output{Column: 1, Classes: []Token{"1", "2"}}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, logits := range [][]float32{{0, nan, 1}, {0, 1, nan}, {0, inf, 1}, {0, inf, inf}, {0, -inf, -inf}} {
		require.Equal(t, Undefined, o.Decode(logits), "%v", logits)
	}
	require.Equal(t, Token("2"), o.Decode([]float32{nan, -inf, 0}))
}

// TestDecodeColumns: positions side by side are what each is by itself, whatever the logits.
func TestDecodeColumns(t *testing.T) {
	const stride = 150
	r := rand.New(rand.NewPCG(1, 1))
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	odd := []float32{nan, math.Float32frombits(0xffc00000), inf, -inf, 0, float32(math.Copysign(0, -1)), 1, 1, math.Nextafter32(1, 0), -3}
	for _, o := range []Output{
		{Column: 1, Classes: []Token{"1", "2", "3", "4", "5"}},
		{Column: 2, Classes: []Token{"1"}},
		{Column: 1, Classes: []Token{`"a"`, `"b"`, `"c"`}, Next: true},
		{Column: 3},
	} {
		for _, n := range []int{0, 1, 63, 64, 65, 130} {
			columns := make([]float32, 7*stride)
			for i := range columns {
				if columns[i] = float32(r.NormFloat64()); r.IntN(4) == 0 {
					columns[i] = odd[r.IntN(len(odd))]
				}
			}
			got, want := make([]Token, n), make([]Token, n)
			o.DecodeColumns(got, columns, stride)
			for i := range want {
				row := make([]float32, 7)
				for c := range row {
					row[c] = columns[c*stride+i]
				}
				want[i] = o.Decode(row)
			}
			require.Equal(t, want, got)
		}
	}
}
