package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"

	"rasp/compiler/sample"
	"rasp/runtime/bounded"
)

// FuzzCommand runs command lines in this process, in a folder with a good file and a
// strange one of each kind. Choices steer the command, its flags and its arguments; the
// content is that of the strange files and of stdin. Whatever comes, the exit status is
// one of three, what is said is said in words, an interrupt is heard, and no file is left
// that has no name of its own.
func FuzzCommand(f *testing.F) {
	good := goodFiles(f)
	for name := range good {
		f.Add([]byte(name), good[name])
	}
	for i := range 64 {
		f.Add([]byte{255, byte(i)}, []byte("a b\n"))
	}
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, choices, content []byte) {
		bounded.Work(t)
		c := commandLine{Rand: bounded.Choices(choices)}
		args := c.args()
		t.Logf("rasp %q", args)
		t.Chdir(t.TempDir())
		program := sample.Text(c.Rand)
		writeFiles(t, good, content, program)

		ctx, interrupt := context.WithCancel(context.Background())
		defer interrupt()
		defer time.AfterFunc(time.Second, interrupt).Stop()
		var out, faults bytes.Buffer
		status := execute(ctx, args, bytes.NewReader(content), &out, &faults)
		require.Contains(t, []int{0, 1, 2, statusInterrupted}, status)
		if status != 0 {
			require.NotZero(t, out.Len()+faults.Len(), "no word")
		}
		bounded.Words(t, out.String()+faults.String(), append(args, string(content), program)...)
		left, err := filepath.Glob(".*")
		require.NoError(t, err)
		require.Empty(t, slices.DeleteFunc(left, func(name string) bool { // a command line may ask for one
			return slices.ContainsFunc(args, func(arg string) bool { return strings.Contains(arg, name) })
		}))
	})
}

// goodFiles are those that commands take, by ending.
func goodFiles(t testing.TB) map[string][]byte {
	const program = "#rasp:vocab \"ab\"\n#rasp:length 4\n#rasp:causal\nnext = {\"a\": 0.5 + 0.25 * indicator(tokens == \"a\"), \"b\": 0.5 - 0.25 * indicator(tokens == \"a\")};\n"
	folder := t.TempDir()
	rasp, model := filepath.Join(folder, "good.rasp"), filepath.Join(folder, "good.safetensors")
	require.NoError(t, os.WriteFile(rasp, []byte(program), 0o600))
	status, _, stderr := executed(context.Background(), nil, "compile", rasp, "-o", model)
	require.Zero(t, status, stderr)
	compiled, err := os.ReadFile(model)
	require.NoError(t, err)
	runs := "N,D,loss\n"
	for i := range 12 {
		n, d := 1e7*float64(1+i%4), 1e9*float64(1+i/4)
		runs += fmt.Sprintf("%g,%g,%g\n", n, d, 1.8+482/math.Pow(n, 0.35)+2085/math.Pow(d, 0.37))
	}
	return map[string][]byte{
		".rasp": []byte(program), ".safetensors": compiled, ".txt": []byte("abba\nab\n"), ".csv": []byte(runs),
		".json": []byte(`{"E":1.8172,"A":482.01,"B":2085.43,"alpha":0.3478,"beta":0.3658}`),
		".spec": []byte(`{"candidates": 6, "statements": [1, 3]}`),
		".arpa": []byte("\\data\\\nngram 1=4\nngram 2=1\n\n\\1-grams:\n-0.5\t</s>\n-99\t<s>\t-0.5\n-0.3\ta\t-0.2\n-0.7\tb\n\n\\2-grams:\n-0.4\ta b\n\n\\end\\\n"),
	}
}

func writeFiles(t testing.TB, good map[string][]byte, content []byte, program string) {
	for ending, text := range good {
		require.NoError(t, os.WriteFile("good"+ending, text, 0o600))
		require.NoError(t, os.WriteFile("strange"+ending, content, 0o600))
	}
	require.NoError(t, os.WriteFile("text.rasp", []byte(program), 0o600))
}

// commandLine chooses the words of one.
type commandLine struct{ *rand.Rand }

func (c commandLine) word(list ...string) string { return list[c.IntN(len(list))] }

// args go to a command of the program and to flags that it has, as many as there are, so
// that those to come are tried too.
func (c commandLine) args() []string {
	started := false
	cmd, args := c.command(newRoot(&started))
	cmd.InitDefaultHelpFlag()
	var flags []*pflag.Flag
	cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
	if c.IntN(8) > 0 {
		args = append(args, c.fileFor(cmd.Name())...)
	}
	for range c.IntN(5) {
		switch c.IntN(5) {
		case 0:
			args = append(args, c.argument())
		case 1:
			args = append(args, c.junk())
		default:
			args = append(args, c.flag(flags[c.IntN(len(flags))])...)
		}
	}
	if slices.Contains(args, "bench") {
		args = append(args, "--seconds=0") // it measures for as long as it is told
	}
	return args
}

func (c commandLine) command(root *cobra.Command) (*cobra.Command, []string) {
	cmd, words := root, []string(nil)
	for cmd.HasSubCommands() && c.IntN(30) > 0 {
		all := cmd.Commands()
		cmd = all[c.IntN(len(all))]
		words = append(words, cmd.Name())
	}
	return cmd, words
}

func (c commandLine) flag(f *pflag.Flag) []string {
	switch kind := f.Value.Type(); {
	case kind == "bool":
		return []string{"--" + f.Name + c.word("", "", "", "=false", "=maybe")}
	case f.Name == "out" || f.Name == "plot":
		return []string{"--" + f.Name, c.word("made", "good", "strange", "no-folder_x", "") + c.word(".safetensors", ".rasp", ".svg", ".png", ".pdf", ".dot", ".jsonl", ".parquet", "")}
	case strings.Contains(kind, "int"):
		return []string{"--" + f.Name, c.word("1", "2", "3", "8", "20", "0", "-1", "4096", "65537", "1000000", "9223372036854775807", "99999999999999999999", "1e3", "")}
	case kind == "float64":
		return []string{"--" + f.Name, c.word("0", "0.5", "1", "-1", "1e22", "1e300", "1e-300", "nan", "inf", "x")}
	}
	return []string{"--" + f.Name, c.argument()}
}

// fileFor is what a command takes, perhaps with a text or an input.
func (c commandLine) fileFor(command string) []string {
	kind := c.word("good", "good", "strange")
	switch command {
	case "ngram":
		return []string{kind + ".txt", "--out", "made.rasp"}[:1+2*c.IntN(2)]
	case "fit":
		return []string{kind + ".csv"}
	case "sample":
		return []string{c.word("good", "strange", "text") + c.word(".rasp", ".safetensors"), "-n", c.word("3", "40", "1000000")}
	case "plan":
		return []string{"--law", kind + ".json"}
	case "perplexity", "run", "next":
		return []string{c.file(), c.word("good.txt", "strange.txt", "ab", "abab")}
	}
	return []string{c.word("good", "strange", "text") + c.word(".rasp", ".rasp", ".safetensors")}
}

func (c commandLine) file() string {
	if c.IntN(10) == 0 {
		return c.word("reverse", "sort", "histogram", "dyck1", "none", "-", ".", "/dev/null", "/dev/zero", "")
	}
	return c.word("good", "good", "strange", "text") + c.word(".rasp", ".rasp", ".safetensors", ".txt", ".csv", ".json", ".arpa")
}

func (c commandLine) argument() string {
	switch c.IntN(4) {
	case 0:
		return c.file()
	case 1:
		return c.junk()
	}
	return c.word("ab", "a", `["a", "b"]`, "[1, 2.5, true]", "[", "abcdefgh", "0..3", "-1..99999999999", "x1", "x2,x3", "next", "tokens", "words", "chars",
		"density", "kneser-ney", "mle", "add-k", "cpu", "cuda", "slide", "lengths", "0.5,0.5", "stop", "N=n,D=d", "64,64", "d_model=8,layers=1,heads=1,vocab=4,length=4", "é\n\x1b[2J", "\xff")
}

// junk is any short text but a path: what it names is in the folder.
func (c commandLine) junk() string {
	b := make([]byte, c.IntN(6))
	for i := range b {
		b[i] = byte(c.IntN(256))
	}
	return strings.NewReplacer("/", "_", "..", "__", "\x00", "_").Replace(string(b))
}
