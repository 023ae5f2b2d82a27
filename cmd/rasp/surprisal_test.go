package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What perplexity prints of the tokens makes what it prints of the text, bit for bit.
func TestSurprisalsMakeThePerplexity(t *testing.T) {
	t.Chdir(t.TempDir())
	const program = "#rasp:vocab \"abc\"\n#rasp:length 6\n#rasp:causal\nn = count(tokens, \"a\");\nnext = {\"a\": 0.3 + n, \"b\": 1 / (1 + n), \"c\": 0.7};\n"
	require.NoError(t, os.WriteFile("p.rasp", []byte(program), 0o644))
	require.NoError(t, os.WriteFile("text", []byte(strings.Repeat("abcacbbbca\ncab", 90)), 0o644))
	for _, extra := range [][]string{{}, {"--compiled"}, {"--stride", "2"}} {
		status, stdout, stderr := executed(context.Background(), nil, append([]string{"perplexity", "p.rasp", "text", "--tokens", "--json"}, extra...)...)
		require.Zero(t, status, stderr)
		lines := bytes.Split(bytes.TrimSpace([]byte(stdout)), []byte("\n"))
		exact := new(big.Float).SetPrec(256)
		for _, line := range lines[:len(lines)-1] {
			var token surprisal
			require.NoError(t, json.Unmarshal(line, &token))
			exact.Add(exact, big.NewFloat(*token.Log))
			require.Equal(t, bitsOf(*token.Log), *token.Bits)
		}
		sum, _ := exact.Float64()
		var all measured
		require.NoError(t, json.Unmarshal(lines[len(lines)-1], &all))
		require.Equal(t, all.Tokens, len(lines)-1)
		require.Equal(t, bitsOf(sum)/float64(all.Tokens), *all.Bits)
		require.Equal(t, math.Exp2(bitsOf(sum)/float64(all.Tokens)), *all.Perplexity)
	}
}
