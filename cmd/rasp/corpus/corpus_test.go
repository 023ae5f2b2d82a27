package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
)

func specOf(t testing.TB, text string) *Spec {
	s, err := ReadSpec([]byte(text))
	require.NoError(t, err)
	return s
}

func corpusOf(t testing.TB, text, folder string) *Corpus {
	return &Corpus{Spec: specOf(t, text), Folder: folder, Format: ".jsonl", Workers: 2, Shard: All, Progress: func(string, int, int) {}}
}

// does runs a program that was read, over a domain of the corpus.
func does(t testing.TB, c *Corpus, p *lang.Program, d Domain) (Fingerprint, Reason) {
	outputs, fault := p.Outputs(nil, d.domain.Vocab)
	require.Nil(t, fault)
	own := slices.IndexFunc(c.Domains, func(other Domain) bool { return other.directives() == d.directives() })
	return c.behaviour(outputs, c.Domains[own])
}

// candidate draws one and runs its text, which does what its sketch does.
func candidate(t testing.TB, c *Corpus, number int) Candidate {
	x := c.draw(number)
	if x.Reason == "" {
		x.Fingerprint, x.Reason = does(t, c, x.program, x.Domain)
	}
	f, why := c.does(number, &elaborator{})
	require.Equal(t, x.Fingerprint, f, x.Text)
	require.Equal(t, x.Reason, why, x.Text)
	return x
}

// Nearly all candidates are programs that run, and half of them do what none before does.
func TestCandidates(t *testing.T) {
	c := corpusOf(t, "{}", "")
	c.source = newDrawer(c.Spec)
	counts, seen := map[Reason]int{}, map[Fingerprint]bool{}
	const n = 400
	for number := range n {
		x := candidate(t, c, number)
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

// Outputs and depth are as the specification says.
func TestOutputsAndDepth(t *testing.T) {
	c := corpusOf(t, `{"outputs": ["tokens", "numbers"], "depth": 3}`, "")
	c.source = newDrawer(c.Spec)
	deepest := 0
	for i := range 200 {
		x := c.draw(i)
		if x.Reason != "" {
			continue
		}
		_, made := c.source.program(i)
		assert.Contains(t, []sort{tokens, number}, made[len(made)-1].makes)
		deepest = max(deepest, x.Depth)
	}
	assert.Equal(t, 3, deepest)
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
			x := candidate(t, c, number)
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
		files := 5 + 5 + 5 + 4
		if format == ".safetensors" {
			files += 5 + 1
		}
		require.Len(t, want, files)

		parts := corpusOf(t, someBlocks, t.TempDir())
		parts.Format = format
		for round := range 2 {
			for i := range 3 {
				parts.Shard, parts.Workers = Shard{i, 3}, 1+i
				_, err := parts.Make(t.Context())
				if round == 0 || i < 1 {
					require.Equal(t, &Others{Written: round > 0 || i == 2}, err)
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
			if base := filepath.Base(name); strings.HasPrefix(name, "data") && base != indexFile { // without what says that it is whole
				counts, err := filepath.Glob(filepath.Join(parts.Folder, "found", base[:6]+".*.json"))
				require.NoError(t, err)
				require.Len(t, counts, 1)
				require.NoError(t, os.Remove(counts[0]))
			}
			made(t, broken)
			require.Equal(t, want, filesOf(t, parts.Folder), name)
			if strings.HasPrefix(name, "found") && !strings.HasSuffix(name, ".json") {
				break
			}
		}
	}
}

// So many rows as are asked for are those of the fewest candidates that have them, whatever the
// threads and wherever it broke off; where there are not so many, they are all.
func TestRowsAskedFor(t *testing.T) {
	for _, c := range []struct {
		asked, rest string
		rows        int
	}{
		{`"rows": 60`, `, "block": 40`, 60},
		{`"rows": 60`, `, "block": 40, "parameters": 200`, 60}, // many are left out when they are compiled
		{`"rows": 60, "candidates": 50`, `, "block": 20`, 38},
		{`"rows": 20`, ``, 20},
	} {
		folder, want := t.TempDir(), (*Report)(nil)
		for workers := range 2 {
			asked := corpusOf(t, `{`+c.asked+c.rest+`}`, t.TempDir())
			asked.Workers = workers + 1
			if workers > 0 {
				broken := *asked
				ctx, end := context.WithCancel(t.Context())
				broken.Progress = func(string, int, int) { end() }
				_, err := broken.Make(ctx)
				require.ErrorIs(t, err, context.Canceled)
			}
			r := made(t, asked)
			require.Equal(t, r, made(t, asked), "the second time")
			if want == nil {
				folder, want = asked.Folder, r
			}
			require.Equal(t, want, r, c)
			assert.Equal(t, dataOf(t, folder), dataOf(t, asked.Folder), c)
		}
		require.Equal(t, c.rows, want.Rows)
		fixed := func(candidates int) (string, *Report) {
			x := corpusOf(t, fmt.Sprintf(`{"candidates": %d%s}`, candidates, c.rest), t.TempDir())
			return x.Folder, made(t, x)
		}
		same, r := fixed(want.Candidates)
		assert.Equal(t, want, r, c)
		assert.Equal(t, dataOf(t, folder), dataOf(t, same), c)
		if want.Candidates != 50 {
			_, r = fixed(want.Candidates - 1)
			assert.Equal(t, c.rows-1, r.Rows, c)
		}
	}
	c := corpusOf(t, `{"rows": 60}`, t.TempDir())
	c.Shard = Shard{0, 2}
	_, err := c.Make(t.Context())
	require.ErrorIs(t, err, errRows)
}

// dataOf a folder are the files of rows.
func dataOf(t *testing.T, folder string) map[string]string {
	return filesOf(t, filepath.Join(folder, "data"))
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

// A row has all of a model: the file that is made of it gives what the program gives, in each
// format, whatever else rows have.
func TestRows(t *testing.T) {
	for _, format := range Formats() {
		for _, more := range []string{"", `, "dense": true, "labels": true`, `, "rename": true`} {
			c := corpusOf(t, `{"candidates": 170, "block": 40`+more+`}`, t.TempDir())
			c.Format = format
			want := made(t, c)
			rows := 0
			for block := range c.Blocks() {
				require.NoError(t, c.read(block, func(r *Row) error {
					rows++
					assert.Len(t, r.Tensors, 4+12*int(r.Layers))
					if strings.Contains(more, "labels") {
						assert.Len(t, r.Labels.Dims, int(r.DModel))
						assert.Len(t, r.Labels.Heads, int(r.Layers*r.Heads))
						assert.Len(t, r.Labels.Neurons, int(r.Layers*r.DMLP))
						assert.Len(t, r.Weights, int(r.Parameters))
						assert.Empty(t, r.Places)
					}
					assert.Contains(t, r.Words, "=")
					assert.LessOrEqual(t, r.Depth, r.Operations)
					return nil
				}))
			}
			assert.Equal(t, want.Rows, rows)
			done, err := c.Check(t.Context(), rows)
			require.NoError(t, err)
			assert.Equal(t, &Checked{Rows: int64(rows), Inputs: done.Inputs}, done)
			assert.Positive(t, done.Inputs)
		}
	}
}

// A check takes as many rows as it is told to, and notices one wrong weight.
func TestCheck(t *testing.T) {
	c := corpusOf(t, someBlocks, t.TempDir())
	_, err := c.Check(t.Context(), 1)
	require.ErrorContains(t, err, "the corpus is not whole, make it first")
	rows := made(t, c).Rows
	for _, n := range []int{1, 7, rows - 1, rows, rows + 1} {
		done, err := c.Check(t.Context(), n)
		require.NoError(t, err)
		assert.Equal(t, int64(min(n, rows)), done.Rows)
		assert.Zero(t, done.Wrong)
	}
	content, err := os.ReadFile(c.dataFile(1))
	require.NoError(t, err)
	var r Row
	line, rest, _ := bytes.Cut(content, []byte("\n"))
	require.NoError(t, json.Unmarshal(line, &r))
	for i := range r.Weights {
		r.Weights[i] = -r.Weights[i]
	}
	line, err = json.Marshal(r)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(c.dataFile(1), append(append(line, '\n'), rest...), 0o600))
	done, err := c.Check(t.Context(), rows)
	require.NoError(t, err)
	assert.Equal(t, int64(1), done.Wrong)
	assert.Equal(t, r.ID, done.First)

	require.NoError(t, os.WriteFile(c.dataFile(1), rest[:len(rest)/2], 0o600))
	_, err = c.Check(t.Context(), rows)
	assert.ErrorContains(t, err, "is damaged")
}

// What the weights of a row make is refused where they make no model.
func TestRowsThatAreNone(t *testing.T) {
	c := corpusOf(t, `{"candidates": 20}`, t.TempDir())
	made(t, c)
	for want, change := range map[string]func(*Row){
		"place -1 of ":               func(r *Row) { r.Places[0] = -1 },
		"place [1-9][0-9]* of ":      func(r *Row) { r.Places[len(r.Places)-1] = int32(r.Parameters) },
		"the tensors have ":          func(r *Row) { r.Tensors = r.Tensors[1:] },
		"tensor x ":                  func(r *Row) { r.Tensors[0].Name = "x" },
		"parameters is ":             func(r *Row) { r.Parameters = 1 << 60 },
		"has the shape .-1 ":         func(r *Row) { r.Tensors[0].Shape[0] = -1 },
		"has the shape .2147483647 ": func(r *Row) { r.Tensors[0].Shape[0] = 1<<31 - 1 },
		"^outputs: ":                 func(r *Row) { r.Outputs = "[" },
		"^certificate: ":             func(r *Row) { r.Certificate = "" },
		"the model has ":             func(r *Row) { r.Layers++ },
		"-1 layers of ":              func(r *Row) { r.Layers = -1 },
		"is embed.W_E in the model":  func(r *Row) { r.DModel++ },
		"there are .* places and ":   func(r *Row) { r.Weights = r.Weights[1:] },
		"pos_embed.W_pos in the mod": func(r *Row) { r.Length = -2 },
	} {
		first := true
		require.NoError(t, c.read(0, func(r *Row) error {
			if first {
				change(r)
				_, err := r.Model()
				require.Error(t, err)
				assert.Regexp(t, want, err.Error())
				first = false
			}
			return nil
		}))
	}
}

// made makes a corpus.
func made(t testing.TB, c *Corpus) *Report {
	r, err := c.Make(t.Context())
	require.NoError(t, err)
	return r
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
		x := candidate(t, c, number)
		require.NotEqual(t, Fails, x.Reason)
		all[x.Fingerprint] = x.Operations
	}
	t.Log(tried, c.Candidates, len(all))
	drawn := corpusOf(t, text, "")
	drawn.source = newDrawer(drawn.Spec)
	for number := range drawn.Candidates {
		if x := candidate(t, drawn, number); x.Reason == "" {
			assert.Contains(t, all, x.Fingerprint, x.Text)
			assert.LessOrEqual(t, all[x.Fingerprint], x.Operations, x.Text)
		}
	}
}

func TestSpecFaults(t *testing.T) {
	for text, want := range map[string]string{
		`{"candidates": 0}`:                                          "candidates: an int from 1 to 1073741824, not 0",
		`{"statements": [3, 2]}`:                                     "statements, the most: an int from 3 to 64, not 2",
		`{"operations": {"widht": 1}}`:                               `operations: "widht" is none; did you mean "width"?`,
		`{"operations": {"width": 0}}`:                               "operations: all weights are 0",
		`{"operations": {"width": -1}}`:                              "the weight of width is a number from 0 to 1000000, not -1",
		`{"domains": []}`:                                            "domains: how many: an int from 1 to 1024, not 0",
		`{"domains": [{"vocab": "[\"a\", \"\\\"\"]", "length": 3}]}`: `a program cannot write the token "\""`,
		`{"domains": [{"vocab": "[\"a\", \"\\\\\"]", "length": 3}]}`: `a program cannot write the token "\\"`,
		`{"domains": [{"vocab": "0..3", "length": 3}]}`:              "tokens are strings, and 0 is none",
		`{"domains": [{"vocab": "\"ab\"", "length": 0}]}`:            "domains: length: an int from 1 to 256, not 0",
		`{"domains": [{"vocab": "\"ab\""}]}`:                         "domains: length: an int from 1 to 256, not 0",
		`{"outputs": []}`:                                            "outputs: some of tokens, ints, numbers, bools",
		`{"outputs": ["int"]}`:                                       `outputs: "int" is none of tokens, ints, numbers, bools`,
		`{"depth": -1}`:                                              "depth: an int from 0 to 64, not -1",
		`{"depth": 3, "enumerate": 2, "domains": [{"vocab": "\"ab\"", "length": 3}]}`: "depth: not with enumerate",
		`{"enumerate": 9}`:          "enumerate: an int from 0 to 6, not 9",
		`{"enumerate": 2}`:          "enumerate: over one domain, and there are 3",
		`{"seeds": 3}`:              `there is no member "seeds"; did you mean "seed"?`,
		`{"xyzzy": 3}`:              `there is no member "xyzzy": they are seed, candidates, rows`,
		`{"statements": [5]}`:       `statements: the fewest and the most, such as [3, 8], not [5]`,
		`{"statements": [3, 4, 9]}`: `statements: the fewest and the most, such as [3, 8], not [3, 4, 9]`,
		`{"rename": true, "domains": [{"vocab": "\"abcdef\"", "length": 3}]}`: "rename: of at most 5 tokens, and \"abcdef\" are 6",
		`{} {}`: "there is something behind the object",
		`[]`:    "cannot unmarshal",
	} {
		_, err := ReadSpec([]byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}

// TestSpecDomains: a domain has nothing of the default one that has its place, the third of which is causal.
func TestSpecDomains(t *testing.T) {
	s, err := ReadSpec([]byte(`{"domains": [{"vocab": "a", "length": 1}, {"vocab": "a", "length": 2}, {"vocab": "a", "length": 3}]}`))
	require.NoError(t, err)
	require.Len(t, s.Domains, 3)
	assert.False(t, s.Domains[2].Causal)

	s, err = ReadSpec([]byte(`{}`))
	require.NoError(t, err)
	assert.True(t, s.Domains[2].Causal)
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

// TestSuffice: the compiler compares a model itself where its probes are neither all inputs
// nor as many random ones as it would try.
func TestSuffice(t *testing.T) {
	for text, want := range map[string]bool{
		`{"short": 100, "long": 0, "domains": [{"vocab": "\"ab\"", "length": 3}]}`:                   true,
		`{"short": 100, "long": 0, "domains": [{"vocab": "\"ab\"", "length": 20}]}`:                  false,
		`{"short": 100, "long": 63, "domains": [{"vocab": "\"ab\"", "length": 20}]}`:                 false,
		`{"short": 100, "long": 64, "domains": [{"vocab": "\"ab\"", "length": 20}]}`:                 true,
		`{"short": 100, "long": 63, "rename": true, "domains": [{"vocab": "\"ab\"", "length": 20}]}`: true,
	} {
		s, err := ReadSpec([]byte(text))
		require.NoError(t, err)
		assert.Equal(t, want, s.probesOf(&s.Domains[0]).suffice(), text)
	}
}
