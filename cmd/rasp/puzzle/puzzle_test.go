package puzzle

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/golden"
	"rasp/lang/value"
	"rasp/stdlib"
)

// noFiles is for programs that load none.
func noFiles(string) (string, error) { return "", errors.New("there are no files") }

func find(t *testing.T, name string) *Puzzle {
	t.Helper()
	p, _ := Find(name)
	require.NotNil(t, p, name)
	return p
}

func check(t *testing.T, p *Puzzle, text string) *Verdict {
	t.Helper()
	v, err := p.Check(context.Background(), "mine.rasp", text, noFiles)
	require.NoError(t, err)
	return v
}

// TestSolutions: each solution gives what the specification says, on all inputs of the
// puzzle or on as many as are tried, and its model has the sizes that its file says.
func TestSolutions(t *testing.T) {
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			v := check(t, p, p.Solution)
			require.Empty(t, v.Faults)
			require.Nil(t, v.Counterexample)
			require.Empty(t, v.Refused)
			assert.Equal(t, p.Best, v.Sizes, "go test ./compiler/golden -run stdlib/puzzle -update writes them")
		})
	}
}

// TestStarts: what a puzzle begins with is a program for it, and wrong.
func TestStarts(t *testing.T) {
	for _, p := range All() {
		v := check(t, p, p.Start())
		assert.Empty(t, v.Faults, p.Name)
		assert.NotNil(t, v.Counterexample, p.Name)
		assert.False(t, v.Solved(), p.Name)
	}
}

// TestTable: every file is a puzzle, has all parts, and says what a reader needs.
func TestTable(t *testing.T) {
	files, err := stdlib.Puzzles.ReadDir("puzzle")
	require.NoError(t, err)
	assert.Len(t, All(), len(files))
	concepts := []string{}
	for i, p := range All() {
		assert.Equal(t, i+1, p.Number)
		assert.Regexp(t, `[.?]$`, p.Title, p.Name)
		assert.NotEmpty(t, p.Hints, p.Name)
		assert.NotEmpty(t, p.Examples, p.Name)
		assert.NotContains(t, strings.Join(p.Statement, "\n")+p.Solution, "#?", p.Name)
		if !slices.Contains(concepts, p.Concept) {
			concepts = append(concepts, p.Concept)
		}
		assert.Equal(t, concepts[len(concepts)-1], p.Concept, "%s stands away from its like", p.Name)
		for _, hint := range p.Hints {
			for _, m := range regexp.MustCompile(`puzzle (\w+)`).FindAllStringSubmatch(hint, -1) {
				assert.Less(t, find(t, m[1]).Number, p.Number, "%s refers to a later puzzle", p.Name)
			}
		}
		for _, token := range p.Domain.Vocab {
			assert.Equal(t, value.String, token.Kind(), p.Name)
			assert.Len(t, []rune(token.Text()), 1, p.Name)
		}
	}
}

// TestExamples: the examples of the files, which the solutions give, are those of the
// specification.
func TestExamples(t *testing.T) {
	for _, p := range All() {
		text, err := stdlib.Puzzles.ReadFile("puzzle/" + p.Name + ".rasp")
		require.NoError(t, err)
		chunks, err := golden.Read(p.Name, string(text))
		require.NoError(t, err)
		for i, c := range chunks[0].Cases {
			if p.Next {
				continue // probabilities are rounded there
			}
			want, err := value.ParseJSON(c.Outputs[0])
			require.NoError(t, err)
			assert.Equal(t, shown(want), numbersAsIn(want, p.Examples[i].Answer), "%s %s", p.Name, textOf(c.Input))
		}
	}
}

// numbersAsIn writes ints as floats where those are wanted: 4 and 4.0 are the same answer.
func numbersAsIn(want []value.Value, answer []string) []string {
	list := slices.Clone(answer)
	for i, v := range want {
		if v.Kind() == value.Float && !strings.Contains(list[i], ".") {
			list[i] += ".0"
		}
	}
	return list
}

// TestOthers: no puzzle is solved by the solution of another one.
func TestOthers(t *testing.T) {
	for _, p := range All() {
		for _, other := range All() {
			if p != other && !(p.Name == "dyck1" && other.Name == "dyck2") { // which is more than that
				_, body, _ := strings.Cut(other.Solution, "\n\n") // without its domain
				assert.False(t, check(t, p, body).Solved(), "%s, by the solution of %s", p.Name, other.Name)
			}
		}
	}
}

// TestFind by number and by name.
func TestFind(t *testing.T) {
	p, _ := Find("7")
	assert.Equal(t, "histogram", p.Name)
	p, _ = Find("histogram")
	assert.Equal(t, 7, p.Number)
	p, near := Find("histgram")
	assert.Nil(t, p)
	assert.Equal(t, "histogram", near)
	p, near = Find("31")
	assert.Nil(t, p)
	assert.Empty(t, near)
}

// TestLoad: files come from where the caller says.
func TestLoad(t *testing.T) {
	p := find(t, "reverse")
	read := func(path string) (string, error) {
		assert.Equal(t, "mirror.rasp", path)
		return "place = length - 1 - indices;", nil
	}
	v, err := p.Check(context.Background(), "mine.rasp", "load \"mirror\";\nanswer = aggregate(select(indices, place, ==), tokens);", read)
	require.NoError(t, err)
	assert.True(t, v.Solved())
	assert.Equal(t, p.Best, v.Sizes)
}

// TestInterrupted: no verdict after the context has ended.
func TestInterrupted(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	p := find(t, "sort")
	_, err := p.Check(ended, "mine.rasp", p.Solution, lang.ReadFile)
	assert.ErrorIs(t, err, context.Canceled)
}
