package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
)

// everyCommand has a command line for each command that prints a result, in a folder of
// goodFiles.
var everyCommand = []string{
	"run good.rasp ab", "run good.rasp ab --json", "run good.safetensors ab", "run good.rasp ab --compiled", "check good.rasp", "fmt wide.rasp",
	"compile good.rasp -o made.safetensors", "info good.safetensors", "info good.safetensors --json",
	"verify good.safetensors", "verify good.safetensors --json", "prove good.safetensors", "generate good.rasp --prompt a --tokens 9",
	"perplexity good.rasp good.txt", "perplexity good.rasp good.txt --json", "perplexity good.rasp good.txt --tokens", "perplexity good.rasp good.txt --tokens --json", "perplexity good.rasp good.txt --verbose", "perplexity good.rasp good.txt --against good.safetensors",
	"generate good.rasp --prompt a --json", "next good.rasp ab", "next good.rasp ab --json", "ngram good.txt -o made.rasp --smoothing add-k", "ngram good.txt -o made.arpa --write-counts counts", "ngram good.txt -o made.rasp --prune 0,1", "disguise good.rasp -o disguised.safetensors --permute", "draw sort ab", "gallery reverse -o pages", "trace sort abc", "trace sort abc --json", "intervene sort abc --set place@1=0", "circuit sort --length 4 --format json", "circuit sort --length 4",
	"export good.rasp --to safetensors -o good", "sample good.rasp -n 20", "sample good.rasp --all -o made.parquet", "suite reverse -o set --lengths 4 --inputs 4 --pairs 4", "corpus good.spec -o corpus",
	"scaling fit good.csv --bootstrap 2", "scaling plan --flops 1e21", "scaling ledger good.safetensors", "list", "show sort", "puzzle", "puzzle 7", "version", "man pages", "repl", "serve", "--help", "run --help", "help scaling fit",
}

// TestStdoutThatFails: wherever the result breaks off, the command fails, and says so.
func TestStdoutThatFails(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, goodFiles(t), nil, "")
	require.NoError(t, os.WriteFile("wide.rasp", []byte("x=tokens;"), 0o600))
	named := map[string]bool{}
	for _, line := range everyCommand {
		args := strings.Fields(line)
		named[args[0]] = true
		stdin := func() io.Reader { return strings.NewReader("indices;\n") }
		status, stdout, stderr := executed(context.Background(), stdin(), args...)
		require.Zero(t, status, "%s: %s", line, stderr)
		require.NotEmpty(t, stdout, line)
		for _, n := range []int{0, 1, len(stdout) / 2, len(stdout) * 9 / 10} {
			var faults bytes.Buffer
			status := execute(context.Background(), args, stdin(), &breaks{n}, &faults)
			assert.Equal(t, 1, status, "%s after %d bytes", line, n)
			assert.Contains(t, faults.String(), "no space left", line)
			bounded.Words(t, faults.String())
		}
	}
	started := false
	for _, cmd := range newRoot(&started).Commands() {
		if !slices.Contains([]string{"bench", "completion", "new", "lsp", "learn"}, cmd.Name()) { // they measure for too long, are cobra's, do it only once, read what an editor says, or serve until they are stopped
			assert.True(t, named[cmd.Name()], "%s has no line", cmd.Name())
		}
	}
}

// breaks takes so many bytes, as a disk that fills.
type breaks struct{ left int }

func (b *breaks) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	if b.left -= n; n < len(p) {
		return n, errors.New("no space left")
	}
	return n, nil
}
