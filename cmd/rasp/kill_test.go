//go:build unix

package main

import (
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var kills = flag.Int("kills", 0, "how many commands to kill while they write a file (default: 24; 6 with -short)")

// writers are commands that write a file, which is made if it is not there.
var writers = []struct{ command, file string }{
	{"compile good.rasp -o made.safetensors", "made.safetensors"},
	{"compile sort -o made.safetensors --length 24", "made.safetensors"},
	{"ngram long.txt -o made.rasp --order 5", "made.rasp"},
	{"draw sort cabbage -o made.svg", "made.svg"},
	{"draw sort cabbage -o made.png", "made.png"},
	{"gallery reverse sort -o .", "sort.html"},
	{"scaling fit good.csv --bootstrap 0 --plot made.svg", "made.svg"},
	{"scaling fit good.csv --bootstrap 0 --plot made.png", "made.png"},
	{"sample sort -n 3000 -o made.jsonl", "made.jsonl"},
	{"sample sort -n 3000 --split 0.5,0.5 -o made.parquet", "made-test.parquet"},
	{"disguise sort --permute --seed 2 -o made.safetensors", "made.safetensors"},
	{"suite sort reverse -o . --lengths 4 --levels 1", "index.jsonl"},
	{"fmt wide.rasp --write", "wide.rasp"},
}

// TestKills: a command that is killed at any moment leaves the old file or all of the new
// one, and nothing that the next run does not remove; one that is told to end leaves nothing.
func TestKills(t *testing.T) {
	count := *kills
	switch {
	case count == 0 && testing.Short():
		count = 6
	case count == 0:
		count = 24
	}
	r := rand.New(rand.NewPCG(*killSeed, 1))
	for _, w := range writers {
		t.Run(w.command, func(t *testing.T) {
			t.Chdir(t.TempDir())
			old := filesToKill(t)[w.file]
			began := time.Now()
			require.NoError(t, start(t, w.command).Wait())
			whole, all := time.Since(began), folder(t)
			want, err := os.ReadFile(w.file)
			require.NoError(t, err)
			killed := false
			for range max(1, count/len(writers)) {
				require.NoError(t, os.WriteFile(w.file, []byte(old), 0o644))
				other := start(t, w.command)
				time.Sleep(time.Duration(r.Int64N(int64(whole) * 11 / 10)))
				signal := []os.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[r.IntN(4)]
				_ = other.Process.Signal(signal) // it may have ended
				_ = other.Wait()
				got, err := os.ReadFile(w.file)
				require.NoError(t, err)
				require.True(t, string(got) == old || string(got) == string(want), "%s leaves half of a file", signal)
				if killed = killed || signal == syscall.SIGKILL; !killed {
					left, err := filepath.Glob(".*.rasp-*")
					require.NoError(t, err)
					require.Empty(t, left, "%s leaves temporary files", signal)
				}
				if r.IntN(4) == 0 {
					require.NoError(t, start(t, w.command).Wait())
					require.Equal(t, all, folder(t), "litter after %s", signal)
					killed = false
				}
			}
			require.NoError(t, start(t, w.command).Wait())
			require.Equal(t, all, folder(t))
		})
	}
}

var killSeed = flag.Uint64("kill-seed", 1, "of the moments and signals of TestKills")

// filesToKill writes what the commands read, and gives what stands at first where they
// write.
func filesToKill(t *testing.T) map[string]string {
	t.Helper()
	writeFiles(t, goodFiles(t), nil, "")
	var text strings.Builder
	r := rand.New(rand.NewPCG(1, 1))
	for range 4000 {
		text.WriteByte("abcde fghi\n"[r.IntN(11)])
	}
	require.NoError(t, os.WriteFile("long.txt", []byte(text.String()), 0o644))
	old := map[string]string{"wide.rasp": strings.Repeat("x=tokens;y=x;\n", 500)}
	for _, w := range writers {
		if old[w.file] == "" {
			old[w.file] = "old"
		}
	}
	require.NoError(t, os.WriteFile("wide.rasp", []byte(old["wide.rasp"]), 0o644))
	return old
}

// start runs this binary as rasp, see TestMain.
func start(t *testing.T, line string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := &exec.Cmd{Path: self, Args: append([]string{"rasp"}, strings.Fields(line)...)}
	require.NoError(t, cmd.Start())
	return cmd
}

func folder(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, filepath.Base(e.Name()))
	}
	return names
}

// TestCorpusKilled: a corpus whose process is killed ten times at any moment has, once it is
// whole, the bytes of one that was left alone.
func TestCorpusKilled(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("spec.json", []byte(`{"candidates": 400, "block": 20}`), 0o644))
	for _, format := range []string{"jsonl", "safetensors"} {
		line := "corpus spec.json --format " + format + " -o "
		began := time.Now()
		require.NoError(t, start(t, line+"whole").Wait())
		r, whole := rand.New(rand.NewPCG(*killSeed, 2)), time.Since(began)
		for range 10 {
			other := start(t, line+"killed")
			time.Sleep(time.Duration(r.Int64N(int64(whole)/5 + 1)))
			_ = other.Process.Kill() // it may have ended
			_ = other.Wait()
		}
		require.NoError(t, start(t, line+"killed").Wait())
		require.Equal(t, contents(t, "whole"), contents(t, "killed"))
	}
}

// contents of the files of a folder and those in it, by their names.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(folder, name))
		files[name] = string(content)
		return err
	}))
	return files
}
