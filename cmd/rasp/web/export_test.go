package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/api"
)

func TestExport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "site")
	e := Engine{[]byte("wasm"), []byte("exec")}
	require.NoError(t, Export(folder, e))
	require.NoError(t, Export(folder, e)) // over itself
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		return string(text)
	}
	assert.Equal(t, "wasm", read("rasp.wasm"))
	assert.Contains(t, read("index.html"), `data-engine="worker"`)
	var listed struct {
		Version string
		Files   []string
	}
	require.NoError(t, json.Unmarshal([]byte(read("files.json")), &listed))
	for _, name := range listed.Files[1:] {
		read(name)
	}
	assert.Contains(t, listed.Files, "rasp.wasm")
	other, err := siteOf(Engine{[]byte("another"), []byte("exec")})
	require.NoError(t, err)
	assert.NotContains(t, string(other["files.json"]), listed.Version, "another engine is another version")
}

// TestNothingFromElsewhere: all that pages name is theirs, at relative addresses.
func TestNothingFromElsewhere(t *testing.T) {
	site, err := siteOf(Engine{})
	require.NoError(t, err)
	named := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	for name, content := range site {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		assert.NotRegexp(t, `<script(?: [^>]*)?>[^<]`, string(content), "%s: a script in the page", name)
		for _, m := range named.FindAllStringSubmatch(string(content), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.HasPrefix(target, "data:") {
				continue
			}
			assert.NotNil(t, site[target], "%s: %s", name, m[1])
		}
	}
}

// node runs requests, a line each, through an engine, and prints the answers.
const node = `
const fs = require("fs"), [exec, wasm] = process.argv.slice(2);
require(exec);
(async () => {
  const go = new Go();
  go.run((await WebAssembly.instantiate(fs.readFileSync(wasm), go.importObject)).instance);
  for (const line of fs.readFileSync(0, "utf8").trim().split("\n")) fs.writeSync(1, raspCall(line));
  process.exit(0);
})();
`

// TestSameAnswers: the engine inside a page answers with the bytes of the one of a server.
func TestSameAnswers(t *testing.T) {
	path, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node: the engine of static pages is not run")
	}
	folder := t.TempDir()
	require.NoError(t, BuildEngine(t.Context(), "../../..", folder, "1.2.3"))
	script := filepath.Join(folder, "run.js")
	require.NoError(t, os.WriteFile(script, []byte(node), 0o644))

	requests := sameRequests(t)
	command := exec.CommandContext(t.Context(), path, script, filepath.Join(folder, execName), filepath.Join(folder, wasmName))
	command.Stdin = strings.NewReader(strings.Join(requests, "\n"))
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("%v\n%s", err, failed.Stderr)
	}
	require.NoError(t, err)
	answers := bufio.NewScanner(strings.NewReader(string(out)))
	answers.Buffer(nil, 1<<28)
	native, faults := api.New("1.2.3"), 0
	for _, request := range requests {
		require.True(t, answers.Scan(), request)
		want := strings.TrimSpace(string(native.Call(context.Background(), []byte(request))))
		if !strings.Contains(want, `"result"`) {
			faults++
		}
		if at := firstDifference(want, answers.Text()); at >= 0 {
			t.Errorf("%.300s\nnative:    %.200s\nin a page: %.200s", request, want[max(0, at-60):], answers.Text()[max(0, at-60):])
		}
	}
	assert.LessOrEqual(t, faults, len(requests)/10, "most requests have results")
}

// firstDifference is where two texts begin to differ; -1 if they do not.
func firstDifference(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) == len(b) {
		return -1
	}
	return min(len(a), len(b))
}

// exampleOf is the input of the first example of a program.
var exampleOf = regexp.MustCompile(`(?m)^#> (.*?) =>`)

// sameRequests are those of the main methods for every ready-made program.
func sameRequests(t *testing.T) (list []string) {
	names := open.ReadyNames()
	if testing.Short() {
		names = names[:4]
	}
	list = append(list, `{"id":0,"method":"version"}`, `{"id":0,"method":"nothing"}`, `{`)
	for i, name := range names {
		text, _ := open.ReadyMade(name)
		found := exampleOf.FindStringSubmatch(text)
		require.NotNil(t, found, name)
		input := strings.Trim(found[1], `"`)
		program := map[string]any{"text": text}
		for method, params := range map[string]map[string]any{
			"check": program, "compile": program,
			"run":     {"text": text, "input": input},
			"flow":    {"text": text, "input": input},
			"trace":   {"program": program, "input": input, "layer": 0, "position": 0},
			"verify":  {"program": program, "from": 0, "most": 20, "samples": 100},
			"weights": {"program": program, "tensor": "unembed.W_U"},
		} {
			encoded, err := json.Marshal(params)
			require.NoError(t, err)
			list = append(list, fmt.Sprintf(`{"id":%d,"method":%q,"params":%s}`, i, method, encoded))
		}
	}
	return list
}
