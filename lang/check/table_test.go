package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"rasp/lang"
)

func tableOf(text string) *Table {
	p, faults := lang.Parse("a.rasp", text)
	_, table := Names(p, faults, lang.ReadFile)
	return table
}

// TestTable: who binds (=) and reads what, with the numbers of the lines on which it is
// bound first; 0 is the language.
func TestTable(t *testing.T) {
	const text = `x = tokens;
def f(x, n) {
    y = x;
    for i in [1] { y = y + i; }
    return y + z;
}
x, z = f(x, length), 2;
l = [x for x in [1] + q];
`
	var got []string
	for _, o := range tableOf(text).Occurrences {
		sign := ""
		if o.Binds {
			sign = "="
		}
		var lines []string
		for _, v := range o.Variables {
			line := 0
			if v.Role != Language {
				line = v.Where.Line()
			}
			lines = append(lines, fmt.Sprint(line))
		}
		got = append(got, o.Span.Text()+sign+strings.Join(lines, ","))
	}
	assert.Equal(t, strings.Fields("x=1 tokens0 f=2 x=2 n=2 y=3 x2 i=4 y=3 y3 i4 y3 z7 x=1 z=7 f2 x1 length0 l=8 x8 x=8 q"), got)
}

func TestInSight(t *testing.T) {
	const text = `a = 1;
def f(p) {
    q = p;
    return q + late;
}
b = [i for i in range(3)];
late = 2;
`
	names := func(part string) (list []string) {
		for _, v := range tableOf(text).InSight(strings.Index(text, part)) {
			if v.Role != Language {
				list = append(list, v.Name)
			}
		}
		return list
	}
	assert.Equal(t, []string{"p", "q", "a", "f", "b", "late"}, names("late;\n}"))
	assert.Equal(t, []string{"a", "f"}, names("b = "))
	assert.Equal(t, []string{"i", "a", "f", "b"}, names("for i in range"))
}

// TestInSightLibrary: all names of the library can be read everywhere.
func TestInSightLibrary(t *testing.T) {
	count := 0
	for _, v := range tableOf("x = 1;").InSight(0) {
		if v.Role == Language {
			count++
		}
	}
	assert.Greater(t, count, 25)
}

// TestPartial: in a function that lacks its return names are known, and nothing is wrong with
// them.
func TestPartial(t *testing.T) {
	const text = "def f(x) {\n    y = x;\n    z = y + 1 / 0;\n}\na = f(1);\n"
	p, faults := lang.Parse("a.rasp", text)
	list, table := Names(p, faults, lang.ReadFile)
	assert.Len(t, list, 1, "the return is missing")
	f := table.At(strings.Index(text, "f(1)")).Variables[0]
	assert.Equal(t, Defined, f.Role)
	assert.Equal(t, "f(x)", f.Def.Signature())
	assert.Equal(t, strings.Index(text, "f(x)"), f.Where.Start)
	y := table.At(strings.Index(text, "y + 1")).Variables[0]
	assert.Equal(t, strings.Index(text, "y = x"), y.Where.Start)
	assert.Equal(t, "x", table.InSight(strings.Index(text, "z ="))[0].Name)
}

// TestSameWarning: of warnings at one place the same one is kept each time.
func TestSameWarning(t *testing.T) {
	const text = "x = tokens == tokens_bool <= 4;\n"
	first := check("a.rasp", text)
	assert.NotEmpty(t, first)
	for range 30 {
		assert.Equal(t, first.Error(), check("a.rasp", text).Error())
	}
}

func TestAt(t *testing.T) {
	table := tableOf("xy = xy + 1;")
	for offset, want := range map[int]int{0: 0, 1: 0, 2: 0, 5: 5, 7: 5} {
		assert.Equal(t, want, table.At(offset).Span.Start, offset)
	}
	assert.Nil(t, table.At(3))
	assert.Nil(t, table.At(9))
	assert.Nil(t, tableOf("").At(0))
}
