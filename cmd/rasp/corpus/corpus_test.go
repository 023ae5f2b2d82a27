package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/runtime"
	"rasp/runtime/model"
)

func specOf(t testing.TB, text string) *Spec {
	s, err := ReadSpec([]byte(text))
	require.NoError(t, err)
	return s
}

func corpusOf(t testing.TB, text, folder string) *Corpus {
	return &Corpus{Spec: specOf(t, text), Folder: folder, Format: ".jsonl", Workers: 2, Shard: All, Progress: func(string, int, int) {}}
}

// Nearly all candidates are programs that run, and half of them do what none before does.
func TestCandidates(t *testing.T) {
	c := corpusOf(t, "{}", "")
	c.source = newDrawer(c.Spec)
	counts, seen := map[Reason]int{}, map[Fingerprint]bool{}
	const n = 400
	for number := range n {
		x := c.candidate(number)
		_, faults := lang.Parse("", x.Text)
		require.NoError(t, faults.Err(), x.Text)
		assert.LessOrEqual(t, strings.Count(x.Text, ";"), c.Statements[1])
		if x.Reason == "" && seen[x.Fingerprint] {
			x.Reason = Duplicate
		}
		seen[x.Fingerprint] = true
		counts[x.Reason]++
	}
	assert.Greater(t, counts[""], n/2, counts)
	assert.Less(t, counts[Fails]+counts[Empty], n/50, counts)
}

// Each operation of the grammar is drawn and can be compiled.
func TestOperations(t *testing.T) {
	for _, o := range operations {
		weights := map[string]float64{o.name: 1000}
		for _, name := range []string{"select_letter", "select_offset", "width", "is_letter", "choose_number", "fetch_token"} {
			weights[name] += 1
		}
		text, err := json.Marshal(map[string]any{"operations": weights, "candidates": 8, "statements": []int{1, 4}})
		require.NoError(t, err)
		c := corpusOf(t, string(text), "")
		c.source = newDrawer(c.Spec)
		rows := 0
		for number := range c.Candidates {
			x := c.candidate(number)
			require.NotEqual(t, Fails, x.Reason, x.Text)
			if x.Reason == "" {
				_, why, err := c.row(t.Context(), x)
				require.NoError(t, err)
				require.Empty(t, why, x.Text)
				rows++
			}
		}
		assert.Positive(t, rows, o.name)
	}
}

// filesOf a folder by their names.
func filesOf(t *testing.T, folder string) map[string]string {
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		files[name] = string(content)
		return err
	}))
	return files
}

const someBlocks = `{"candidates": 170, "block": 40}`

// However the work is divided, and wherever it broke off, the bytes are the same.
func TestSameBytes(t *testing.T) {
	for _, format := range Formats() {
		whole := corpusOf(t, someBlocks, t.TempDir())
		whole.Format = format
		made(t, whole)
		want := filesOf(t, whole.Folder)
		require.Len(t, want, 5+5+5+2)

		parts := corpusOf(t, someBlocks, t.TempDir())
		parts.Format = format
		for round := range 2 {
			for i := range 3 {
				parts.Shard, parts.Workers = Shard{i, 3}, 1+i
				_, err := parts.Make(t.Context())
				if round == 0 || i < 1 {
					require.ErrorIs(t, err, ErrOthers)
				} else {
					require.NoError(t, err)
				}
			}
		}
		assert.Equal(t, want, filesOf(t, parts.Folder), format)

		for name := range want { // as if it had broken off before
			broken := corpusOf(t, someBlocks, parts.Folder)
			broken.Format = format
			require.NoError(t, os.Remove(filepath.Join(parts.Folder, name)))
			if strings.HasPrefix(name, "data") { // without what says that it is whole
				require.NoError(t, os.Remove(filepath.Join(parts.Folder, "found", filepath.Base(name)+".json")))
			}
			made(t, broken)
			require.Equal(t, want, filesOf(t, parts.Folder), name)
			if strings.HasPrefix(name, "found") && !strings.HasSuffix(name, ".json") {
				break
			}
		}
	}
}

func TestInterrupted(t *testing.T) {
	want := corpusOf(t, someBlocks, t.TempDir())
	made(t, want)
	c := corpusOf(t, someBlocks, t.TempDir())
	for stop := range 8 {
		ctx, end := context.WithCancel(t.Context())
		c.Progress = func(_ string, done, _ int) {
			if done == stop%4+1 {
				end()
			}
		}
		if _, err := c.Make(ctx); err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
		end()
	}
	c.Progress = want.Progress
	made(t, c)
	assert.Equal(t, filesOf(t, want.Folder), filesOf(t, c.Folder))
}

// A row has all of a model: one that is made of it again gives what the program gives.
func TestRows(t *testing.T) {
	c := corpusOf(t, someBlocks, t.TempDir())
	made(t, c)
	rows := 0
	for block := range c.Blocks() {
		content, err := os.ReadFile(c.dataFile(block))
		require.NoError(t, err)
		for line := range bytes.Lines(content) {
			var r Row
			require.NoError(t, json.Unmarshal(line, &r))
			rows++
			program, faults := lang.Parse("", r.Program)
			require.NoError(t, faults.Err())
			vocab := program.File.Directives.Vocab
			outputs, fault := program.Outputs(nil, vocab)
			require.Nil(t, fault)
			d := specDomain(c.Spec, r)
			m, _, err := compiler.Compile(outputs, d.domain, compiler.Options{Level: c.Optimize, Source: r.Program, Engine: func(m *model.Model) verify.Engine { return runtime.NewSession(m) }})
			require.NoError(t, err)
			setWeights(t, m, r)
			why, err := c.try(d, m, outputs, runtime.NewSession(m))
			require.NoError(t, err)
			require.Empty(t, why, r.Program)
		}
	}
	assert.Greater(t, rows, 60)
}

// made makes a corpus.
func made(t testing.TB, c *Corpus) *Report {
	r, err := c.Make(t.Context())
	require.NoError(t, err)
	return r
}

func specDomain(s *Spec, r Row) Domain {
	for _, d := range s.Domains {
		if int32(d.Length) == r.Length && len(d.tokens) == len(r.Vocab) && d.Causal == r.Causal {
			return d
		}
	}
	panic("no such domain")
}

// setWeights takes all weights of a model from a row.
func setWeights(t *testing.T, m *model.Model, r Row) {
	next, start := 0, 0
	for i, tensor := range m.Tensors() {
		require.Equal(t, tensor.Name, r.Tensors[i].Name)
		n := tensor.Elements()
		elements := make([]float32, n)
		for ; next < len(r.Places) && int(r.Places[next]) < start+n; next++ {
			elements[int(r.Places[next])-start] = r.Weights[next]
		}
		tensor.Set(elements)
		start += n
	}
	require.Equal(t, len(r.Places), next)
}

// Enumeration leaves out no behaviour: what is drawn, with parts that are used once, does what
// one of the enumerated does.
func TestEnumerate(t *testing.T) {
	const text = `{"enumerate": 3, "block": 300, "statements": [1, 3], "short": 100, "long": 0, "candidates": 300, "domains": [{"vocab": "\"ab\"", "length": 3}],
		"operations": {"select_letter": 1, "select_order": 1, "select_offset": 1, "width": 2, "fetch_token": 1, "is_letter": 1, "both": 1, "choose_letter": 1}}`
	c := corpusOf(t, text, "")
	tried, err := c.open(t.Context())
	require.NoError(t, err)
	all := map[Fingerprint]int{}
	for number := range c.Candidates {
		x := c.candidate(number)
		require.NotEqual(t, Fails, x.Reason)
		all[x.Fingerprint] = x.Operations
	}
	t.Log(tried, c.Candidates, len(all))
	drawn := corpusOf(t, text, "")
	drawn.source = newDrawer(drawn.Spec)
	for number := range drawn.Candidates {
		if x := drawn.candidate(number); x.Reason == "" {
			assert.Contains(t, all, x.Fingerprint, x.Text)
			assert.LessOrEqual(t, all[x.Fingerprint], x.Operations, x.Text)
		}
	}
}

func TestSpecFaults(t *testing.T) {
	for text, want := range map[string]string{
		`{"candidates": 0}`:                               "candidates: an int from 1 to 1073741824, not 0",
		`{"statements": [3, 2]}`:                          "statements, the most: an int from 3 to 64, not 2",
		`{"operations": {"widht": 1}}`:                    `operations: "widht" is none; did you mean "width"?`,
		`{"operations": {"width": 0}}`:                    "operations: all weights are 0",
		`{"operations": {"width": -1}}`:                   "the weight of width is a number from 0 to 1000000, not -1",
		`{"domains": []}`:                                 "domains: how many: an int from 1 to 1024, not 0",
		`{"domains": [{"vocab": "0..3", "length": 3}]}`:   "tokens are strings, and 0 is none",
		`{"domains": [{"vocab": "\"ab\"", "length": 0}]}`: "domains: length: an int from 1 to 256, not 0",
		`{"enumerate": 9}`:                                "enumerate: an int from 0 to 6, not 9",
		`{"enumerate": 2}`:                                "enumerate: over one domain, and there are 3",
		`{"seeds": 3}`:                                    `unknown field "seeds"`,
		`{} {}`:                                           "there is something behind the object",
		`[]`:                                              "cannot unmarshal",
	} {
		_, err := ReadSpec([]byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}

func TestConflict(t *testing.T) {
	c := corpusOf(t, `{"candidates": 5}`, t.TempDir())
	made(t, c)
	var conflict *Conflict
	_, err := corpusOf(t, `{"candidates": 6}`, c.Folder).Make(t.Context())
	require.ErrorAs(t, err, &conflict)

	require.NoError(t, os.WriteFile(c.foundFile(0), []byte("short"), 0o600))
	_, err = c.Make(t.Context())
	require.ErrorContains(t, err, "is damaged; without it, it is made again")
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		c := corpusOf(b, `{"candidates": 400, "block": 100}`, b.TempDir())
		c.Workers = 1
		made(b, c)
	}
}
