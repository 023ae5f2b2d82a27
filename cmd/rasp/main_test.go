package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// executed runs a command line in this process.
func executed(ctx context.Context, stdin io.Reader, args ...string) (status int, stdout, stderr string) {
	var out, faults bytes.Buffer
	status = execute(ctx, args, stdin, &out, &faults)
	return status, out.String(), faults.String()
}

// wrongModel compiles reverse over abcd up to length 4 and makes it take every
// "b" for a "d".
func wrongModel(t *testing.T) *model.Model {
	t.Helper()
	file := filepath.Join(t.TempDir(), "model.safetensors")
	status, _, stderr := executed(context.Background(), nil, "compile", "reverse", "--vocab", "abcd", "--length", "4", "-o", file)
	require.Zero(t, status, stderr)
	model, err := model.Load(file)
	require.NoError(t, err)
	for i, class := range model.Outputs[0].Classes {
		if class == `"b"` {
			model.Outputs[0].Classes[i] = `"d"`
		}
	}
	return model
}

func TestVerifyShowsTheCounterexample(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wrong.safetensors")
	require.NoError(t, wrongModel(t).Save(file))
	status, stdout, _ := executed(context.Background(), nil, "verify", file)
	assert.Equal(t, 1, status)
	assert.Equal(t, `differs at position 0, found at input 2:
interpreter reverse("b") = [b] (strings)
model       reverse("b") = [d] (strings)
`, stdout)

	status, stdout, _ = executed(context.Background(), nil, "verify", file, "--json")
	assert.Equal(t, 1, status)
	assert.Equal(t, `{"equal":false,"inputs":2,"compared":2,"faulted":0,"exhaustive":true,"all_up_to":4,"seed":1,"within":[0],`+
		`"counterexample":{"input":["b"],"name":"reverse","interpreter":["b"],"model":["d"],"position":0}}`+"\n", stdout)
}

// TestSideBySide: what differs looks different, however little it is.
func TestSideBySide(t *testing.T) {
	thirds := func(x ...value.Value) []value.Value { return append([]value.Value{value.OfFloat(1)}, x...) }
	third, near, one := value.OfFloat(1./3), value.OfFloat(0.33333334), value.OfFloat(1)
	for _, c := range []struct {
		a, b     []value.Value
		position int
		want     string
	}{
		{thirds(third), thirds(one), 1, "interpreter x = [1.0, 0.333] (floats)\nmodel       x = [1.0]*2 (floats)\n"},
		{thirds(third), thirds(near), -1, "interpreter x = [1.0, 0.333] (floats)\nmodel       x = [1.0, 0.333] (floats)\n"},
		{thirds(third), thirds(near), 1, "interpreter x = [1.0,0.3333333333333333]\nmodel       x = [1.0,0.33333334]\n"},
		{[]value.Value{value.OfInt(1)}, []value.Value{value.OfString("1")}, 0, "interpreter x = [1]\nmodel       x = [\"1\"]\n"},
	} {
		assert.Equal(t, c.want, sideBySide("x", c.a, c.b, c.position))
	}
}

func TestCompiledShowsTheDifference(t *testing.T) {
	program, faults := open.Program("reverse")
	require.NoError(t, faults.Err())
	outputs, err := open.Outputs(program, nil, nil)
	require.NoError(t, err)
	model := wrongModel(t)
	var out bytes.Buffer
	cmd := runCommand()
	cmd.SetContext(context.Background())
	cmd.SetOut(&out)
	wrong, err := open.Compared(model, outputs, runtime.NewSession(model))
	require.NoError(t, err)
	s := series{cmd: cmd, runner: wrong, printer: printer{to: bufio.NewWriter(&out)}}
	require.NoError(t, s.run([]string{"ad"}, nil))
	assert.False(t, s.failed)
	require.NoError(t, s.run([]string{"bac"}, nil))
	assert.True(t, s.failed)
	s.printer.json = true
	require.NoError(t, s.run([]string{"ba"}, nil))
	assert.Equal(t, `interpreter reverse("ad") = [d, a] (strings)
model       reverse("ad") = [d, a] (strings)
equal
interpreter reverse("bac") = [c, a, b] (strings)
model       reverse("bac") = [c, a, d] (strings)
differs at position 2: interpreter string "b", model string "d"
{"input":["b","a"],"output":["a","b"],"model":["a","d"],"equal":false,"position":1}
`, out.String())
}

// silent is a stdin on which nothing is ever typed.
type silent struct{ until context.Context }

func (s silent) Read([]byte) (int, error) {
	<-s.until.Done()
	return 0, io.EOF
}

func TestInterruptEndsTheWaitForInputs(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stdin := io.MultiReader(strings.NewReader("ab\n"), readerFunc(func([]byte) (int, error) {
		cancel() // typed while the program waits
		return silent{t.Context()}.Read(nil)
	}))
	status, stdout, stderr := executed(ctx, stdin, "run", "reverse", "--inputs", "-")
	assert.Equal(t, statusInterrupted, status)
	assert.Equal(t, "rasp: interrupted\n", stderr)
	assert.Contains(t, []string{"", "reverse(\"ab\") = [b, a] (strings)\n"}, stdout)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestInterruptEndsVerify(t *testing.T) {
	file := filepath.Join(t.TempDir(), "reverse.safetensors")
	made, _, fault := executed(context.Background(), nil, "compile", "reverse", "--length", "8", "--vocab", "abc", "-o", file)
	require.Zero(t, made, fault)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	status, stdout, stderr := executed(ctx, nil, "verify", file, "--exhaustive")
	assert.Equal(t, statusInterrupted, status)
	assert.Equal(t, "rasp: interrupted\n", stderr)
	assert.Equal(t, "interrupted after 0 inputs; no difference so far\n", stdout)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestResultThatCannotBeWritten(t *testing.T) {
	for _, args := range []string{"run reverse ab", "run reverse ab --json", "list", "version", "check reverse", "--help", "verify reverse --samples 1"} {
		var stderr bytes.Buffer
		assert.Equal(t, 1, execute(context.Background(), strings.Fields(args), nil, full{}, &stderr), args)
		assert.Contains(t, stderr.String(), "no space left", args)
	}
}

func TestInputThatIsNotUTF8(t *testing.T) {
	status, stdout, stderr := executed(context.Background(), strings.NewReader("a\xff\nab\n"), "run", "reverse", "--inputs", "-")
	assert.Equal(t, 1, status)
	assert.Equal(t, "reverse(\"ab\") = [b, a] (strings)\n", stdout)
	assert.Contains(t, stderr, "stdin:1: syntax error: the input is not UTF-8")
}

func TestLongLine(t *testing.T) {
	text := strings.Repeat("ab", 1<<17)
	status, stdout, _ := executed(context.Background(), strings.NewReader(text), "run", "reverse", "--main", "tokens", "--inputs", "-", "--json")
	assert.Zero(t, status)
	assert.Len(t, stdout, len(`{"input":[],"output":[]}`)+1+2*(4*len(text)-1))
}

func TestFaultShowsALongInputBriefly(t *testing.T) {
	status, _, stderr := executed(context.Background(), strings.NewReader(strings.Repeat("a", 1000)), "run", "--compiled", "reverse", "--inputs", "-")
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "the input has 1000 tokens")
	assert.Contains(t, stderr, "= input: \"aaa")
	assert.Contains(t, stderr, "aaa...\n")
	assert.Less(t, len(stderr), 300)
}

// TestCommandsOfOthersAlone: a command that only has others lists them.
func TestCommandsOfOthersAlone(t *testing.T) {
	started := false
	for _, cmd := range newRoot(&started).Commands() {
		if !cmd.HasSubCommands() {
			continue
		}
		status, stdout, stderr := executed(t.Context(), strings.NewReader(""), cmd.Name())
		assert.Zero(t, status, "%s: %s", cmd.Name(), stderr)
		for _, of := range cmd.Commands() {
			assert.Contains(t, stdout, of.Name(), cmd.Name())
		}
	}
}
