package suite

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/runtime/model"
	"rasp/stdlib"
)

func program(t *testing.T, name, text string) Program {
	t.Helper()
	p, faults := lang.Parse(name, text)
	require.NoError(t, faults.Err())
	return Program{name, p}
}

func ready(t *testing.T, names ...string) (list []Program) {
	t.Helper()
	for _, name := range names {
		text, err := stdlib.FS.ReadFile(name + ".rasp")
		require.NoError(t, err)
		list = append(list, program(t, name, string(text)))
	}
	return list
}

func small(folder string) Options {
	return Options{
		Settings: Settings{Seed: 1, Optimize: 1, Inputs: 40, Pairs: 8, Parameters: 100_000},
		Folder:   folder, Lengths: []int{4}, Levels: []int{1}, Variants: 2, Random: 1, Workers: 2, Made: func(int) {},
	}
}

// tree is all that a folder holds.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		all[filepath.ToSlash(name)] = string(content)
		return err
	}))
	return all
}

// A run that ends at any program leaves whole folders, and the next one makes the rest: the
// same bytes as in one go, on one worker or on two.
func TestResumed(t *testing.T) {
	programs := ready(t, "reverse", "majority")
	whole := small(t.TempDir())
	set, err := Make(context.Background(), programs, whole)
	require.NoError(t, err)
	require.Empty(t, set.LeftOut)
	require.Len(t, set.Items, 3*(2+1))
	want := tree(t, whole.Folder)
	require.Contains(t, want, "reverse-4-level1/truth.json")
	require.NotEqual(t, want["reverse-4-level1/model.safetensors"], want["reverse-4-level1-2/model.safetensors"])

	for stop := range 3 {
		parts := small(t.TempDir())
		parts.Workers = 1
		ctx, cancel := context.WithCancel(context.Background())
		parts.Made = func(programs int) {
			if programs == stop {
				cancel()
			}
		}
		if stop == 0 {
			cancel()
		}
		_, err := Make(ctx, programs, parts)
		require.ErrorIs(t, err, context.Canceled)
		require.NotContains(t, tree(t, parts.Folder), IndexFile)
		parts.Made = func(int) {}
		_, err = Make(context.Background(), programs, parts)
		require.NoError(t, err)
		require.Equal(t, want, tree(t, parts.Folder))
		cancel()
	}
}

// A folder that is there is not made again; more programs join it.
func TestJoined(t *testing.T) {
	o := small(t.TempDir())
	_, err := Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
	file := filepath.Join(o.Folder, "reverse-4", namesFile)
	before, err := os.Stat(file)
	require.NoError(t, err)
	set, err := Make(context.Background(), ready(t, "reverse", "shift"), o)
	require.NoError(t, err)
	require.Len(t, set.Items, 3*(2+1))
	after, err := os.Stat(file)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after))
}

// Two runs at once make one set: each takes what the other one has made.
func TestSideBySide(t *testing.T) {
	want := small(t.TempDir())
	_, err := Make(context.Background(), ready(t, "reverse", "shift"), want)
	require.NoError(t, err)
	o := small(t.TempDir())
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			_, err := Make(context.Background(), ready(t, "reverse", "shift"), o)
			assert.NoError(t, err)
		})
	}
	runs.Wait()
	require.Equal(t, tree(t, want.Folder), tree(t, o.Folder))
}

// Whatever of a folder is not as it was written is told, and not built on.
func TestChanged(t *testing.T) {
	o := small(t.TempDir())
	o.Random = 0
	_, err := Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
	for name, content := range tree(t, o.Folder) {
		folder, file := filepath.Split(name)
		if folder == "" {
			continue
		}
		edit := func(text string) {
			t.Helper()
			require.NoError(t, os.WriteFile(filepath.Join(o.Folder, name), []byte(text), 0o600))
		}
		for _, text := range []string{"", content[:len(content)/2]} {
			edit(text)
			_, err := Make(context.Background(), ready(t, "reverse"), o)
			var conflict *Conflict
			require.ErrorAs(t, err, &conflict, name)
			require.Contains(t, conflict.What, filepath.Clean(folder)+" is not as it was written")
			require.Contains(t, conflict.Hint, "delete the folder")
		}
		edit(content)
		if file == itemFile {
			continue // without it the folder is made again
		}
		require.NoError(t, os.Remove(filepath.Join(o.Folder, name)))
		_, err = Make(context.Background(), ready(t, "reverse"), o)
		require.ErrorContains(t, err, "is not as it was written", name)
		edit(content)
	}
	_, err = Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
}

func TestSeeds(t *testing.T) {
	first := small(t.TempDir())
	_, err := Make(context.Background(), ready(t, "reverse"), first)
	require.NoError(t, err)
	other := small(t.TempDir())
	other.Seed = 2
	_, err = Make(context.Background(), ready(t, "reverse"), other)
	require.NoError(t, err)
	a, b := tree(t, first.Folder), tree(t, other.Folder)
	for _, name := range []string{"inputs.jsonl", "pairs.jsonl"} {
		require.NotEqual(t, a["reverse-4/"+name], b["reverse-4/"+name])
	}
	require.NotEqual(t, a["reverse-4-level1/model.safetensors"], b["reverse-4-level1/model.safetensors"])
	require.NotEqual(t, a["random0001-4/program.rasp"], b["random0001-4/program.rasp"])
}

func TestConflicts(t *testing.T) {
	o := small(t.TempDir())
	o.Random = 0
	_, err := Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
	var conflict *Conflict
	_, err = Make(context.Background(), []Program{program(t, "reverse", "#rasp:vocab \"ab\"\nx = tokens;")}, o)
	require.ErrorAs(t, err, &conflict)
	require.Contains(t, conflict.What, "reverse-4 was made of another program")
	o.Pairs++
	_, err = Make(context.Background(), ready(t, "reverse"), o)
	require.ErrorAs(t, err, &conflict)
	require.Contains(t, conflict.What, "other settings")
}

// What cannot be a model of the set is left out, and the card says why.
func TestLeftOut(t *testing.T) {
	o := small(t.TempDir())
	o.Lengths, o.Random = []int{3}, 0
	set, err := Make(context.Background(), []Program{
		program(t, "fails", "#rasp:vocab \"ab\"\nx = 1 / indices;"),
		program(t, "same", "#rasp:vocab \"ab\"\nx = length;"),
		program(t, "rounds", "#rasp:vocab \"ab\"\nx = selector_width(select(tokens, tokens, ==));"),
	}, o)
	require.NoError(t, err)
	reasons := map[string]string{}
	for _, l := range set.LeftOut {
		reasons[l.Program] += l.Reason
	}
	require.Len(t, set.Items, 3)
	require.Contains(t, reasons["same"], "no two inputs of a length with different outputs")
	require.NotEmpty(t, reasons["fails"])
	require.NotContains(t, reasons, "rounds")
	for name := range reasons {
		require.Contains(t, tree(t, o.Folder)[CardFile], "| "+name+" | 3 | 0 | ")
	}
	require.NotContains(t, strings.Join(slices.Collect(maps.Keys(tree(t, o.Folder))), " "), "same-3/")

	o = small(t.TempDir())
	o.Parameters, o.Random = 100, 0
	set, err = Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
	require.Empty(t, set.Items)
	require.Contains(t, set.LeftOut[0].Reason, "more than 100")
}

// Levels that mix weights break models that count exactly: those are left out, and no wrong
// model is written.
func TestWrongDisguises(t *testing.T) {
	o := small(t.TempDir())
	o.Lengths, o.Random, o.Levels, o.Variants = []int{5}, 0, []int{1, 4}, 1
	set, err := Make(context.Background(), ready(t, "histogram", "caesar"), o)
	require.NoError(t, err)
	var names []string
	for _, item := range set.Items {
		names = append(names, item.Name)
	}
	require.Equal(t, []string{"histogram-5", "histogram-5-level1", "caesar-5", "caesar-5-level1", "caesar-5-level4"}, names)
	require.Len(t, set.LeftOut, 1)
	require.Regexp(t, `it is wrong on \d+ of \d+ inputs`, set.LeftOut[0].Reason)
}

// Pairs are what they say, with the labels of the program.
func TestPairs(t *testing.T) {
	o := small(t.TempDir())
	o.Lengths, o.Levels, o.Random = []int{6}, nil, 0
	_, err := Make(context.Background(), []Program{program(t, "first", "#rasp:vocab \"abc\"\nx = tokens[0];")}, o)
	require.NoError(t, err)
	count := map[string]int{}
	for line := range strings.Lines(tree(t, o.Folder)["first-6/pairs.jsonl"]) {
		var p struct {
			Change                       string
			Clean, Corrupt               []string
			Clean_Output, Corrupt_Output map[string][]string
		}
		require.NoError(t, json.Unmarshal([]byte(line), &p))
		count[p.Change]++
		changed := 0
		for i := range min(len(p.Clean), len(p.Corrupt)) {
			if p.Clean[i] != p.Corrupt[i] {
				changed++
			}
			require.Equal(t, p.Clean[0], p.Clean_Output["x"][i])
			require.Equal(t, p.Corrupt[0], p.Corrupt_Output["x"][i])
		}
		require.NotEqual(t, p.Clean[0], p.Corrupt[0])
		switch p.Change {
		case oneToken:
			require.Equal(t, 1, changed)
		case everyToken:
			require.Equal(t, 6, changed)
		default:
			require.NotEqual(t, len(p.Clean), len(p.Corrupt))
		}
		require.Equal(t, p.Change == otherLength, len(p.Clean) != len(p.Corrupt))
	}
	require.Equal(t, map[string]int{oneToken: 8, everyToken: 8, otherLength: 8}, count)
}

// Where nearly all inputs have the same output, pairs are found among inputs of special shapes.
func TestRarePairs(t *testing.T) {
	o := small(t.TempDir())
	o.Lengths, o.Levels, o.Random = []int{16}, nil, 0
	set, err := Make(context.Background(), ready(t, "palindrome"), o)
	require.NoError(t, err)
	require.Equal(t, map[string]int{oneToken: 8, everyToken: 8, otherLength: 8}, set.Items[0].Pairs)
}

// The index says what the files hold.
func TestIndex(t *testing.T) {
	o := small(t.TempDir())
	_, err := Make(context.Background(), ready(t, "reverse"), o)
	require.NoError(t, err)
	files := tree(t, o.Folder)
	for line := range strings.Lines(files[IndexFile]) {
		var item Item
		require.NoError(t, json.Unmarshal([]byte(line), &item))
		m, err := model.Load(filepath.Join(o.Folder, item.Name, modelFile))
		require.NoError(t, err)
		require.Equal(t, []int{m.Layers, m.Heads, m.DModel, m.DMLP, m.NCtx - 1}, []int{item.Layers, item.Heads, item.DModel, item.DMLP, item.Length})
		require.Equal(t, item.Inputs, strings.Count(files[item.Base+"/"+inputsFile], "\n"))
		require.Equal(t, item.Pairs[oneToken]+item.Pairs[everyToken]+item.Pairs[otherLength], strings.Count(files[item.Base+"/"+pairsFile], "\n"))
		require.Contains(t, files[CardFile], "| `"+item.Name+"` |")
		require.Equal(t, line, files[item.Name+"/"+itemFile])
	}
}
