package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/puzzle"
	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
	"rasp/lang"
)

func readyText(t *testing.T, name string) string {
	t.Helper()
	text, ok := open.ReadyMade(name)
	require.True(t, ok, name)
	return text
}

type object map[string]any

func TestRun(t *testing.T) {
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": readyText(t, "sort"), "input": "gabeach"})
	var names []string
	for _, r := range ran.Rows {
		names = append(names, r.Name+r.Text)
	}
	require.Equal(t, []string{
		"smaller", "select(tokens, tokens, ==)", "select(indices, indices, <)", "equal_on_the_left",
		"smaller or equal_on_the_left", "place", "select(place, indices, ==)", "sorted",
	}, names)
	require.Equal(t, []string{"0111110", "0000000", "0100100", "0110110", "0000000", "0110100", "1111110"}, ran.Rows[0].Selected)
	require.Equal(t, []string{"5", "0", "2", "4", "1", "3", "6"}, ran.Rows[5].Values)
	require.True(t, ran.Rows[7].Output)
	require.Equal(t, []string{"gabeach", "a"}, ran.Examples)
	require.Equal(t, 13, ran.Rows[6].Range.Start.Line)
}

// TestRunEqualsInterpreter: the outputs of all ready-made programs, on all their examples.
func TestRunEqualsInterpreter(t *testing.T) {
	for _, name := range open.ReadyNames() {
		text := readyText(t, name)
		for _, input := range examplesOf(text) {
			ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": text, "input": input})
			require.Nil(t, ran.Fault, name)
			require.Empty(t, ran.Beside, "%s %s", name, input)
			program, _ := lang.Parse(name, text)
			outputs, d, err := open.Choices{}.Interpreted(program, nil)
			require.NoError(t, err)
			tokens, err := open.Choices{}.InputOf(program, input)
			require.NoError(t, err)
			require.NoError(t, open.Interpreted(outputs, d).Run([]open.Given{open.GivenTokens(tokens)}, func(_ int, results []open.Result, err error) error {
				require.NoError(t, err)
				for _, want := range results {
					require.True(t, hasOutput(ran.Rows, want.Name, shownAll(want.Sequence())), "%s(%s)", name, input)
				}
				return nil
			}))
		}
	}
}

func hasOutput(rows []Row, name string, values []string) bool {
	for _, r := range rows {
		if r.Name == name && r.Output && strings.Join(r.Values, ",") == strings.Join(values, ",") {
			return true
		}
	}
	return false
}

// TestRunCollapses: what functions compute inside is part of the call.
func TestRunCollapses(t *testing.T) {
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": "def twice(x) {\n    same = select(x, x, ==);\n    return selector_width(same);\n}\nn = twice(tokens) + 1;", "input": "aab"})
	var names []string
	for _, r := range ran.Rows {
		names = append(names, r.Name+r.Text)
	}
	require.Equal(t, []string{"twice(tokens)", "n"}, names)
	require.Equal(t, []string{"3", "3", "2"}, ran.Rows[1].Values)
}

func TestRunFaults(t *testing.T) {
	text := "a = tokens;\nb = 1 / (indices - 1);\nc = a + ;"
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": text, "input": "xy"})
	require.Equal(t, []string{"x", "y"}, ran.Rows[0].Values)
	require.NotNil(t, ran.Fault)
	require.Equal(t, 3, ran.Fault.Line)
	found := false
	for _, r := range ran.Rows {
		found = found || r.Name == "b" && strings.Contains(r.Fault, "division by zero")
	}
	require.True(t, found, "%v", ran.Rows)
	require.Empty(t, rpctest.Asked[Ran](t, New("test"), "run", object{"text": "", "input": "x"}).Rows)
}

func TestRunRefuses(t *testing.T) {
	for input, says := range map[string]string{"[1,": "JSON", strings.Repeat("a", 257): "256 tokens"} {
		require.Contains(t, rpctest.Refused(t, New("test"), "run", object{"text": "a = tokens;", "input": input}).Message, says)
	}
	require.Contains(t, rpctest.Refused(t, New("test"), "run", object{"text": strings.Repeat("#", longestProgram+1), "input": "a"}).Message, "256 KB")
	require.Equal(t, rpc.CodeParams, rpctest.Refused(t, New("test"), "run", object{"txt": ""}).Code)
	require.Contains(t, rpctest.Asked[Ran](t, New("test"), "run", object{"text": readyText(t, "sort"), "input": "z"}).Beside, `"z" (position 0)`)
	require.Contains(t, rpctest.Asked[Ran](t, New("test"), "run", object{"text": readyText(t, "sort"), "input": strings.Repeat("a", 21)}).Beside, "21 tokens")
}

// TestRunLoadsNothing: a program reads no file of the machine.
func TestRunLoadsNothing(t *testing.T) {
	for _, path := range []string{"running", "../api/running", "/etc/hostname"} {
		text := fmt.Sprintf("load %q; a = tokens;", path)
		require.Contains(t, rpctest.Asked[[]Finding](t, New("test"), "check", object{"text": text})[0].Message, "could not find file")
		require.Contains(t, rpctest.Refused(t, New("test"), "flow", object{"text": text, "input": "x"}).Message, "could not find file")
	}
}

func TestRunMany(t *testing.T) {
	var b strings.Builder
	for i := range mostRows + 5 {
		fmt.Fprintf(&b, "s%d = select(indices, indices, ==);\n", i)
	}
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": b.String(), "input": strings.Repeat("a", 256)})
	require.Len(t, ran.Rows, mostRows)
	require.Equal(t, 5, ran.Left)
	require.Nil(t, ran.Rows[mostRows-1].Selected)
	require.NotEmpty(t, ran.Rows[mostRows-1].Fault)
}

// TestRunSteps: what a program does before it has an input is bounded.
func TestRunSteps(t *testing.T) {
	text := "x = tokens;\nfor i in range(2000) {\n    for j in range(2000) {\n        k = i + j;\n    }\n}\n"
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": text, "input": "a"})
	require.Equal(t, []string{"a"}, ran.Rows[0].Values)
	require.Contains(t, ran.Fault.Message, "1000000 steps")
	require.Contains(t, rpctest.Refused(t, New("test"), "flow", object{"text": text, "input": "a"}).Message, "1000000 steps")
}

func TestRunPredicts(t *testing.T) {
	ran := rpctest.Asked[Ran](t, New("test"), "run", object{"text": readyText(t, "copying"), "input": "aab"})
	require.Len(t, ran.Next.Rows, 3)
	for _, row := range ran.Next.Rows {
		sum := 0.0
		for _, p := range row {
			sum += p
		}
		require.InDelta(t, 1, sum, 1e-9)
	}
}

func TestFlow(t *testing.T) {
	f := rpctest.Asked[Flow](t, New("test"), "flow", object{"text": readyText(t, "sort"), "input": "gabeach"})
	require.Equal(t, "layers 2, heads 2 1", f.Counts)
	require.True(t, strings.HasPrefix(f.SVG, "<svg"))
	require.NotContains(t, rpctest.Asked[Flow](t, New("test"), "flow", object{"text": `x = "<b>" if tokens == "a" else "c";`, "input": "a"}).SVG, "<b>")
	require.Contains(t, rpctest.Refused(t, New("test"), "flow", object{"text": "a = tokens;", "input": strings.Repeat("a", 65)}).Message, "64 tokens")
}

// TestPuzzles: each can be opened, what it begins with is wrong, and its solution is right.
func TestPuzzles(t *testing.T) {
	list := rpctest.Asked[[]PuzzleEntry](t, New("test"), "puzzles", object{})
	require.Len(t, list, len(puzzle.All()))
	for i, e := range list {
		p := rpctest.Asked[Puzzle](t, New("test"), "puzzle", object{"name": e.Name})
		require.NotNil(t, p.Statement)
		require.NotEmpty(t, p.Hints)
		require.NotEmpty(t, p.Examples)
		begun := rpctest.Asked[Verdict](t, New("test"), "puzzle.check", object{"name": e.Name, "text": p.Start})
		require.False(t, begun.Solved, e.Name)
		wrong := begun.Counterexample
		require.True(t, wrong.Note != "" || wrong.Expected[wrong.Position] != wrong.Got[wrong.Position], e.Name) // 0 and 0.0 look alike
		require.NotNil(t, wrong.Names, e.Name)
		if testing.Short() && i%5 > 0 {
			continue
		}
		solved := rpctest.Asked[Verdict](t, New("test"), "puzzle.check", object{"name": e.Name, "text": puzzle.All()[i].Solution})
		require.True(t, solved.Solved, e.Name)
		require.Equal(t, p.Best, *solved.Sizes, e.Name)
	}
	fault := rpctest.Asked[Verdict](t, New("test"), "puzzle.check", object{"name": "shift", "text": "answer = tokens"})
	require.Contains(t, fault.Faults[0].Text, "statements end with a semicolon")
	require.Contains(t, fault.Faults[0].Text, "program.rasp:1:")
	begun := "previous = select(indices, indices - 1, ==);\nanswer = aggregate(previous, tokens);"
	wrong := rpctest.Asked[Verdict](t, New("test"), "puzzle.check", object{"name": "shift", "text": begun}).Counterexample
	require.Equal(t, "a", wrong.Input)
	require.Equal(t, NamedRow{Name: "previous", Selector: true}, wrong.Names[0])
	fails := rpctest.Asked[Verdict](t, New("test"), "puzzle.check", object{"name": "divide", "text": "answer = 12 / tokens_int;"})
	require.Contains(t, fails.Counterexample.Fault.Message, "division by zero")
	require.Equal(t, "did you mean shift?", rpctest.Refused(t, New("test"), "puzzle", object{"name": "shfit"}).Data.Hint)
}
