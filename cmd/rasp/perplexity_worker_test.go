package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A text of sentences that is scored in sections, by however many workers, comes to what one
// process says of it, digit for digit, and to the same words.
func TestSectionsMakeThePerplexity(t *testing.T) {
	t.Chdir(t.TempDir())
	words := strings.Fields("the cat sat on a mat and dog saw it")
	write := func(name string, lines, seed int) {
		var b strings.Builder
		for k := range lines {
			for n := range (k*seed)%7 + k%2 {
				fmt.Fprintf(&b, "%s ", words[(k*k+n*seed+k*n)%len(words)])
			}
			b.WriteString("\n")
		}
		require.NoError(t, os.WriteFile(name, []byte(b.String()), 0o644))
	}
	write("train", 60, 3)
	write("a.txt", 50, 5)
	write("b.txt", 30, 2)
	for _, model := range [][]string{{"lm.arpa"}, {"lm.rasp"}, {"lm.rasp", "--smoothing", "mle", "--min-count", "12"}} {
		status, _, stderr := executed(context.Background(), nil, append([]string{"ngram", "train", "--split", "words", "--order", "2", "-o"}, model...)...)
		require.Zero(t, status, stderr)
		ask := func(requests ...string) (answers []map[string]json.RawMessage) {
			t.Helper()
			status, stdout, stderr := executed(context.Background(), strings.NewReader(strings.Join(requests, "\n")), "perplexity", model[0], "--sentences", "--worker")
			require.Zero(t, status, stderr)
			for _, line := range strings.Split(strings.TrimSpace(stdout), "\n")[1:] {
				var answer map[string]json.RawMessage
				require.NoError(t, json.Unmarshal([]byte(line), &answer))
				require.NotContains(t, answer, "error", line)
				answers = append(answers, answer)
			}
			return answers
		}
		status, want, stderr := executed(context.Background(), nil, "perplexity", model[0], "a.txt", "b.txt", "--sentences", "--json")
		require.Zero(t, status, stderr)
		for _, size := range []int{1 << 20, 1000, 333, 40, 7} {
			var requests []string
			for _, file := range []string{"a.txt", "b.txt"} {
				info, err := os.Stat(file)
				require.NoError(t, err)
				for from := 0; from < int(info.Size()); from += size {
					requests = append(requests, fmt.Sprintf(`{"score": %q, "from": %d, "to": %d}`, file, from, min(from+size, int(info.Size()))))
				}
			}
			sum := []string{}
			for _, answer := range ask(requests...) {
				sum = append(sum, string(answer["result"]))
			}
			total := ask(`{"sum": [` + strings.Join(sum, ",") + `]}`)[0]["result"]
			report := ask(`{"report": {"texts": ["a.txt", "b.txt"], "result": ` + string(total) + `}}`)[0]
			require.Equal(t, strings.TrimSpace(want), string(report["measured"]), "%v, sections of %d bytes", model, size)
		}
		require.JSONEq(t, fmt.Sprintf(`[[0,%d]]`, func() int64 { info, _ := os.Stat("a.txt"); return info.Size() }()), string(ask(`{"sections": "a.txt"}`)[0]["sections"]))
	}
}
