package value

import (
	"math"
	"math/big"
	"testing"

	"rasp/lang/diag"
)

// atom reads a test's shorthand: JSON, or one of the floats that JSON lacks.
func atom(t *testing.T, text string) Value {
	t.Helper()
	switch text {
	case "nan":
		return OfFloat(math.NaN())
	case "inf":
		return OfFloat(math.Inf(1))
	case "-inf":
		return OfFloat(math.Inf(-1))
	}
	v, err := ParseAtom(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// result is what a test expects: the JSON of the value, or "! kind".
func result(v Value, err error) string {
	if err != nil {
		return "! " + string(err.(*Fault).Kind)
	}
	return v.JSON()
}

func TestUnary(t *testing.T) {
	for _, c := range []struct {
		fn      Fn
		a, want string
	}{
		{Neg, "3", "-3"}, {Neg, "true", "-1"}, {Neg, "0.0", "-0.0"}, {Neg, "-2.5", "2.5"},
		{Neg, "-9223372036854775808", "9223372036854775808"}, {Neg, "9223372036854775808", "-9223372036854775808"},
		{Neg, `"a"`, "! type"},
		{Pos, "true", "1"}, {Pos, "3", "3"}, {Pos, "1.5", "1.5"}, {Pos, `"a"`, "! type"},
		{Not, "0", "true"}, {Not, `""`, "true"}, {Not, "0.0", "true"}, {Not, "nan", "false"}, {Not, `"0"`, "false"},
		{Not, "100000000000000000000", "false"},
		{Round, "0.5", "0"}, {Round, "1.5", "2"}, {Round, "-2.5", "-2"}, {Round, "2.5", "2"}, {Round, "true", "1"},
		{Round, "7", "7"}, {Round, "1e22", "10000000000000000000000"}, {Round, "-0.4", "0"},
		{Round, "9223372036854775808.0", "9223372036854775808"},
		{Round, "inf", "! value"}, {Round, "nan", "! value"}, {Round, `"a"`, "! type"},
		{Indicator, `"a"`, "1"}, {Indicator, "0.0", "0"}, {Indicator, "false", "0"}, {Indicator, "7", "1"},
	} {
		if got := result(Unary(c.fn, atom(t, c.a))); got != c.want {
			t.Errorf("%s %s = %s, want %s", c.fn, c.a, got, c.want)
		}
	}
}

func TestBinary(t *testing.T) {
	for _, c := range []struct {
		a    string
		fn   Fn
		b    string
		want string
	}{
		{"true", Add, "true", "2"}, {"1", Add, "0.5", "1.5"}, {`"a"`, Add, `"b"`, `"ab"`}, {`"a"`, Add, "1", "! type"},
		{"0.1", Add, "0.2", "0.30000000000000004"},
		{"9223372036854775807", Add, "1", "9223372036854775808"}, {"-9223372036854775808", Add, "-1", "-9223372036854775809"},
		{"9223372036854775808", Add, "-1", "9223372036854775807"}, {"5", Add, "0", "5"}, {"5", Add, "-5", "0"},
		{"-9223372036854775808", Sub, "1", "-9223372036854775809"}, {"0", Sub, "-9223372036854775808", "9223372036854775808"},
		{"3", Sub, "true", "2"}, {`"a"`, Sub, `"b"`, "! type"},
		{"3037000500", Mul, "3037000500", "9223372037000250000"}, {"-1", Mul, "-9223372036854775808", "9223372036854775808"},
		{"4294967296", Mul, "-2147483648", "-9223372036854775808"}, {"6", Mul, "-7", "-42"},
		{`"ab"`, Mul, "2", `"abab"`}, {"2", Mul, `"ab"`, `"abab"`}, {`"ab"`, Mul, "-1", `""`}, {`"ab"`, Mul, "true", `"ab"`},
		{`"ab"`, Mul, "1.0", "! type"}, {`"ab"`, Mul, `"c"`, "! type"}, {`"ab"`, Mul, "1000000000000000000", "! limit"},
		{`"ab"`, Mul, "100000000000000000000", "! limit"}, {`"ab"`, Mul, "-100000000000000000000", `""`},
		{`""`, Mul, "1000000000000000000", `""`},
		{"1e300", Mul, "1e300", `"Infinity"`}, {"100000000000000000000", Mul, "0.5", "5e+19"},
		{"4", Div, "2", "2.0"}, {"1", Div, "3", "0.3333333333333333"}, {"1", Div, "0", "! value"}, {"1.0", Div, "0.0", "! value"},
		{"0", Div, "-3", "-0.0"}, {"0", Div, "-100000000000000000000", "-0.0"}, {"true", Div, "2", "0.5"},
		{"99999999999999999999999", Div, "3", "3.333333333333333e+22"},
		{"9007199254740993", Div, "9007199254740992", "1.0"}, {`"a"`, Div, "2", "! type"},
		{"-7", Mod, "3", "2"}, {"7", Mod, "-3", "-2"}, {"7.5", Mod, "-2", "-0.5"}, {"-7.5", Mod, "2.5", "0.0"}, {"6", Mod, "-3", "0"},
		{"-100000000000000000001", Mod, "10", "9"}, {"5", Mod, "-100000000000000000000", "-99999999999999999995"},
		{"1", Mod, "0", "! value"}, {"1", Mod, "0.0", "! value"}, {`"%s"`, Mod, "3", "! type"}, {"-5", Mod, "inf", `"Infinity"`},
		{"2", Pow, "3", "8"}, {"2", Pow, "-1", "0.5"}, {"-2", Pow, "2", "4"}, {"0", Pow, "0", "1"}, {"0", Pow, "-1", "! value"},
		{"2", Pow, "100", "1267650600228229401496703205376"}, {"10", Pow, "1000000", "! limit"}, {"2", Pow, "100000000000000000000", "! limit"},
		{"-1", Pow, "100000000000000000001", "-1"}, {"-1", Pow, "100000000000000000000", "1"}, {"1", Pow, "100000000000000000001", "1"},
		{"0", Pow, "100000000000000000000", "0"}, {"true", Pow, "false", "1"}, {"2", Pow, "0.5", "1.4142135623730951"},
		{"1.1", Pow, "10", "2.5937424601000023"}, {"3", Pow, "0.3", "1.3903891703159093"}, {"-8", Pow, "0.5", "! value"},
		{"-2.0", Pow, "3", "-8.0"}, {"-2.0", Pow, "-2", "0.25"}, {"10.0", Pow, "309", "! value"}, {"10.0", Pow, "-400", "0.0"},
		{"2.0", Pow, "-1074", "5e-324"}, {"inf", Pow, "-1", "0.0"}, {"1.0", Pow, "nan", "1.0"}, {"nan", Pow, "0", "1.0"},
		{"0.0", Pow, "2", "0.0"}, {"0.0", Pow, "-2", "! value"}, {`"a"`, Pow, "2", "! type"}, {"10", Pow, "-2", "0.01"},
		{"1", Eq, "1.0", "true"}, {"true", Eq, "1", "true"}, {"1", Eq, `"1"`, "false"}, {"nan", Eq, "nan", "false"}, {"nan", Ne, "nan", "true"},
		{"9007199254740993", Eq, "9007199254740992.0", "false"}, {"9007199254740993", Gt, "9007199254740992.0", "true"},
		{"100000000000000000000", Eq, "1e20", "true"}, {"100000000000000000000", Lt, "inf", "true"}, {"100000000000000000000", Ge, "-inf", "true"},
		{"false", Lt, "true", "true"}, {`"a"`, Lt, `"b"`, "true"}, {`"Z"`, Lt, `"a"`, "true"}, {`"a"`, Lt, "1", "! type"},
		{`"\uffff"`, Lt, `"\ud800\udc00"`, "true"}, {"nan", Lt, "1", "false"}, {"nan", Ge, "1", "false"}, {"2", Le, "2.0", "true"},
		{"0", And, `"a"`, "0"}, {"2", And, `"a"`, `"a"`}, {"0", Or, `"a"`, `"a"`}, {"2", Or, `"a"`, "2"},
	} {
		if got := result(Binary(c.fn, atom(t, c.a), atom(t, c.b))); got != c.want {
			t.Errorf("%s %s %s = %s, want %s", c.a, c.fn, c.b, got, c.want)
		}
	}
}

func TestIntsAboveTheLimit(t *testing.T) {
	large := OfBig(new(big.Int).Lsh(big.NewInt(1), MaxBits-1))
	if _, err := Binary(Add, large, OfInt(0)); err != nil {
		t.Errorf("the largest int is refused: %v", err)
	}
	for _, fn := range []Fn{Add, Mul} {
		if got := result(Binary(fn, large, large)); got != "! limit" {
			t.Errorf("2^(MaxBits-1) %s itself = %.20s", fn, got)
		}
	}
	for _, fn := range []Fn{Sub, Div} {
		if got := result(Binary(fn, large, OfFloat(1))); got != "! value" {
			t.Errorf("large int %s 1.0 = %.20s", fn, got)
		}
	}
	if got := result(Binary(Div, large, OfInt(3))); got != "! value" {
		t.Errorf("large int / 3 = %.20s", got)
	}
}

// Machine words and big ints must agree around every edge.
func TestIntsAgreeWithBig(t *testing.T) {
	var samples []Value
	for _, edge := range []int64{0, 1 << 31, 1 << 32, 1 << 53, math.MaxInt64, math.MinInt64} {
		for d := int64(-2); d <= 2; d++ {
			e := new(big.Int).Add(big.NewInt(edge), big.NewInt(d))
			samples = append(samples, OfBig(e), OfBig(new(big.Int).Neg(e)))
		}
	}
	for _, a := range samples {
		for _, b := range samples {
			x, y := a.Big(), b.Big()
			want := map[Fn]*big.Int{
				Add: new(big.Int).Add(x, y), Sub: new(big.Int).Sub(x, y), Mul: new(big.Int).Mul(x, y),
			}
			if y.Sign() != 0 {
				m := new(big.Int).Mod(x, y) // Euclid's: never negative
				if m.Sign() != 0 && y.Sign() < 0 {
					m.Add(m, y)
				}
				want[Mod] = m
				quotient, _ := new(big.Rat).SetFrac(x, y).Float64()
				if got, _ := Binary(Div, a, b); got.Float64() != quotient {
					t.Errorf("%s / %s = %s, want %g", a, b, got, quotient)
				}
			}
			for fn, w := range want {
				if got, err := Binary(fn, a, b); err != nil || got != OfBig(w) {
					t.Errorf("%s %s %s = %s (%v), want %s", a, fn, b, got, err, w)
				}
			}
			if got, err := Compare(a, b); err != nil || got != x.Cmp(y) {
				t.Errorf("Compare(%s, %s) = %d (%v)", a, b, got, err)
			}
		}
	}
}

func TestPowerIsExactWhereItCanBe(t *testing.T) {
	for x := 2.0; x < 40; x++ {
		for n := 0; n <= 9; n++ {
			exact := 1.0
			for range n {
				exact *= x
			}
			if got := power(x, float64(n)); got != exact {
				t.Errorf("power(%g, %d) = %g, want %g", x, n, got, exact)
			}
			if got := power(x, -float64(n)); got != 1/exact {
				t.Errorf("power(%g, -%d) = %g, want %g", x, n, got, 1/exact)
			}
		}
		if got := power(x, 0.5); got != math.Sqrt(x) {
			t.Errorf("power(%g, 0.5) = %g, want %g", x, got, math.Sqrt(x))
		}
	}
}

func TestCompareRefusesNaNAndMixedKinds(t *testing.T) {
	if _, err := Compare(OfFloat(math.NaN()), OfInt(1)); err == nil || err.(*Fault).Kind != diag.Value {
		t.Errorf("nan: %v", err)
	}
	if _, err := Compare(OfString("1"), OfInt(1)); err == nil || err.(*Fault).Kind != diag.Type {
		t.Errorf("mixed: %v", err)
	}
}

func TestMessages(t *testing.T) {
	_, err := Binary(Add, OfString("a"), OfInt(1))
	if want := `cannot compute string "a" + int 1`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	_, err = Binary(Div, OfInt(1), OfInt(0))
	if want := `division by zero: int 1 / int 0`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}
