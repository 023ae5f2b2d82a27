package value

import (
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ in, text, json string }{
		{"3", "3", "3"}, {"-0", "0", "0"}, {"123456789012345678901234567890", "123456789012345678901234567890", "123456789012345678901234567890"},
		{"2.0", "2.0", "2.0"}, {"0.30000000000000004", "0.30000000000000004", "0.30000000000000004"},
		{"1e-5", "1e-05", "1e-05"}, {"0.0001", "0.0001", "0.0001"}, {"1e22", "1e+22", "1e+22"}, {"1e16", "1e+16", "1e+16"},
		{"1e15", "1000000000000000.0", "1000000000000000.0"}, {"123456789012345680.0", "1.2345678901234568e+17", "1.2345678901234568e+17"},
		{"1e100", "1e+100", "1e+100"}, {"5e-324", "5e-324", "5e-324"}, {"-0.0", "-0.0", "-0.0"},
		{"inf", "inf", `"Infinity"`}, {"-inf", "-inf", `"-Infinity"`}, {"nan", "nan", `"NaN"`},
		{"true", "True", "true"}, {"false", "False", "false"},
		{`"a\"<\n"`, "a\"<\n", `"a\"<\n"`}, {`"é😀"`, "é😀", `"é😀"`},
	} {
		v := atom(t, c.in)
		if v.String() != c.text || v.JSON() != c.json {
			t.Errorf("%s: %q and %s, want %q and %s", c.in, v.String(), v.JSON(), c.text, c.json)
		}
	}
}

func TestParseJSON(t *testing.T) {
	got, err := ParseJSON(` ["a", 1, 1.0, 1e2, true, -3] `)
	want := []Value{OfString("a"), OfInt(1), OfFloat(1), OfFloat(100), OfBool(true), OfInt(-3)}
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("element %d: %s", i, got[i].JSON())
		}
	}
	if got, err := ParseJSON("[]"); err != nil || len(got) != 0 {
		t.Errorf("[]: %v, %v", got, err)
	}
	for in, kind := range map[string]string{
		``: "syntax", `[1`: "syntax", `[1] 2`: "syntax", `[01]`: "syntax", `["a]`: "syntax", `[1,]`: "syntax",
		`{"a":1}`: "type", `3`: "type", `null`: "type", `[null]`: "type", `[[1]]`: "type", `[{}]`: "type", `[1e999]`: "value",
	} {
		if _, err := ParseJSON(in); err == nil || string(err.(*Fault).Kind) != kind {
			t.Errorf("%s: %v, want a %s fault", in, err, kind)
		}
	}
	if _, err := ParseAtom("null"); err == nil {
		t.Error("null read as an atom")
	}
}

func TestFormatSequence(t *testing.T) {
	for in, want := range map[string]string{
		`["e","l","l","o"]`:     "[e, l, l, o] (strings)",
		`[3,3,3,3,3]`:           "[3]*5 (ints)",
		`[3]`:                   "[3] (ints)",
		`[0,0,0.5,1.0,1.5]`:     "[0, 0, 0.5, 1.0, 1.5] (floats)",
		`[0.0625,0.333333,2.0]`: "[0.062, 0.333, 2.0] (floats)",
		`[-0.0001,1e22]`:        "[-0.0, 1e+22] (floats)",
		`[false,false]`:         "[F]*2 (bools)",
		`[true,false]`:          "[T, F] (bools)",
		`[true,2]`:              "[T, 2] (ints)",
		`[1,1.0,true]`:          "[1]*3 (floats)",
		`[1.0005,2.5]`:          "[1.0, 2.5] (floats)",
		`[0.0005,0.0015]`:       "[0.001, 0.002] (floats)",
		`["a",1]`:               "[a, 1]",
		`[9223372036854775808]`: "[9223372036854775808] (ints)",
		`["\u0007","é"]`:        "[\u2407, é] (strings)",
		`[true,true,0.5]`:       "[T, T, 0.5] (floats)",
	} {
		s, err := ParseJSON(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := FormatSequence(s); got != want {
			t.Errorf("%s prints %s, want %s", in, got, want)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for in, want := range map[string]string{
		`["a"]`: "strings", `[true]`: "bools", `[1,true]`: "ints", `[1,true,0.5]`: "floats", `[true,0.5]`: "floats",
		`["a",1]`: "", `[1,"a"]`: "", `["a",true]`: "",
	} {
		s, _ := ParseJSON(in)
		if got, err := TypeOf(s); got != want || (err == nil) != (want != "") {
			t.Errorf("%s is %q (%v), want %q", in, got, err, want)
		}
	}
}

func TestConversions(t *testing.T) {
	for _, c := range []struct{ in, toInt, toFloat, toString string }{
		{`"12"`, "12", "12.0", `"12"`}, {`" -7\n"`, "-7", "-7.0", `" -7\n"`}, {`"+5"`, "5", "5.0", `"+5"`}, {`"007"`, "7", "7.0", `"007"`},
		{`"100000000000000000000"`, "100000000000000000000", "1e+20", `"100000000000000000000"`},
		{`"1.5"`, "! value", "1.5", `"1.5"`}, {`"1e3"`, "! value", "1000.0", `"1e3"`}, {`"inf"`, "! value", `"Infinity"`, `"inf"`},
		{`"-nan"`, "! value", `"NaN"`, `"-nan"`}, {`"1e999"`, "! value", `"Infinity"`, `"1e999"`},
		{`""`, "! value", "! value", `""`}, {`"a"`, "! value", "! value", `"a"`}, {`"0x10"`, "! value", "! value", `"0x10"`},
		{`"- 1"`, "! value", "! value", `"- 1"`}, {`"+-1"`, "! value", "! value", `"+-1"`}, {`"--nan"`, "! value", "! value", `"--nan"`},
		{"1.9", "1", "1.9", `"1.9"`}, {"-1.9", "-1", "-1.9", `"-1.9"`}, {"1e20", "100000000000000000000", "1e+20", `"1e+20"`},
		{"inf", "! value", `"Infinity"`, `"inf"`}, {"true", "1", "1.0", `"True"`}, {"3", "3", "3.0", `"3"`},
	} {
		v := atom(t, c.in)
		if got := result(ToInt(v)); got != c.toInt {
			t.Errorf("ToInt(%s) = %s, want %s", c.in, got, c.toInt)
		}
		if got := result(ToFloat(v)); got != c.toFloat {
			t.Errorf("ToFloat(%s) = %s, want %s", c.in, got, c.toFloat)
		}
		if got := ToString(v).JSON(); got != c.toString {
			t.Errorf("ToString(%s) = %s, want %s", c.in, got, c.toString)
		}
	}
	if !ToBool(OfString("0")).Truthy() || ToBool(OfString("")).Truthy() || ToBool(OfFloat(0)) != OfBool(false) {
		t.Error("ToBool is not truthiness")
	}
}

// TestShortInts: what is read without JSON's decoder is read as by it.
func TestShortInts(t *testing.T) {
	for _, text := range []string{"0", "-0", "7", "-7", "00", "01", "-01", "-", "", "--1", "1.0", "1e2", " 1", "999999999999999999", "-999999999999999999", "9223372036854775808"} {
		got, err := ParseAtom(text)
		var element any
		wrong := decode(text, &element)
		if wrong != nil {
			if err == nil || err.Error() != wrong.Error() {
				t.Errorf("%q: %v, %v", text, got, err)
			}
			continue
		}
		if want, err2 := ofJSON(element); err != nil || err2 != nil || got.Kind() != want.Kind() || got.String() != want.String() {
			t.Errorf("%q: %v, not %v (%v)", text, got, want, err)
		}
	}
}
