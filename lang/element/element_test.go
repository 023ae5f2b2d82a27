package element

import (
	"testing"

	"rasp/lang/value"
)

func TestKinds(t *testing.T) {
	for _, test := range []struct {
		name      string
		got, want Set
	}{
		{"-bool", Unary(value.Neg, Bools), Ints},
		{"-string", Unary(value.Neg, Strings), 0},
		{"round(float or string)", Unary(value.Round, Floats|Strings), Ints},
		{"not string", Unary(value.Not, Strings), Bools},
		{"int / int", Binary(value.Div, Ints, Ints), Floats},
		{"int ^ int", Binary(value.Pow, Ints, Ints), Ints | Floats},
		{"string * int", Binary(value.Mul, Strings, Ints), Strings},
		{"string * anything", Binary(value.Mul, Strings, Anything), Strings},
		{"string + int", Binary(value.Add, Strings, Ints), 0},
		{"string < int", Binary(value.Lt, Strings, Ints), 0},
		{"string == int", Binary(value.Eq, Strings, Ints), Bools},
		{"string and int", Binary(value.And, Strings, Ints), Bools},
		{"mean of ints", Aggregate(Ints, Strings), Ints | Floats | Strings},
		{"mean of bools", Aggregate(Bools, Ints), Bools | Ints},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, not %s", test.name, test.got, test.want)
		}
	}
}
