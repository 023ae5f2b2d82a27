package main

import (
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/open"
)

// browsers are names of a headless browser, of which one may be there.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

func browser(t *testing.T) string {
	t.Helper()
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skipf("no browser (%s) is installed: pages are not opened", strings.Join(browsers, ", "))
	return ""
}

// watch notes what goes wrong on a page, before anything else is run.
const watch = `<script>const faults = [];
addEventListener("error", e => faults.push(e.message));
addEventListener("securitypolicyviolation", e => faults.push(e.violatedDirective));
console.error = console.warn = (...x) => faults.push(x.join(" "));
const move = (id, value) => { const x = document.getElementById(id); x.value = value; x.dispatchEvent(new Event("input")); };
const texts = query => [...document.querySelectorAll(query)].map(x => x.textContent);
</script>`

// openedPage opens a page in a browser without a network, runs a script on it, and reads the
// JSON of what that returns.
func openedPage(t *testing.T, page, script string, to any) {
	t.Helper()
	content, err := os.ReadFile(page)
	require.NoError(t, err)
	probe := `<script>{ const result = (() => {` + script + `})();
document.body.replaceChildren(Object.assign(document.createElement("pre"), {id: "probe", textContent: JSON.stringify(
  {result, faults, fetched: performance.getEntriesByType("resource").length})})); }</script></body>`
	text := strings.Replace(string(content), "<head>", "<head>"+watch, 1)
	text = strings.Replace(text, "</body>", probe, 1)
	probed := filepath.Join(t.TempDir(), "probed.html")
	require.NoError(t, os.WriteFile(probed, []byte(text), 0o644))
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--proxy-server=127.0.0.1:9", "--dump-dom", "file://"+probed).Output()
	require.NoError(t, err)
	found := regexp.MustCompile(`(?s)<pre id="probe">(.*?)</pre>`).FindSubmatch(out)
	require.NotNil(t, found, "%s", out)
	var got struct {
		Result  json.RawMessage
		Faults  []string
		Fetched int
	}
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &got))
	assert.Empty(t, got.Faults, "%s", page)
	assert.Zero(t, got.Fetched, "%s", page)
	require.NoError(t, json.Unmarshal(got.Result, to))
}

// rasp runs a command that must succeed.
func rasp(t *testing.T, args ...string) string {
	t.Helper()
	status, stdout, stderr := executed(context.Background(), nil, args...)
	require.Zero(t, status, stderr)
	return stdout
}

// TestPageOfModel: the page of a model has what the model does on each input, and its
// slider of sharpness acts.
func TestPageOfModel(t *testing.T) {
	browser(t)
	page := filepath.Join(t.TempDir(), "sort.html")
	rasp(t, "draw", "sort", "cab", "hag", "-o", page)
	var got struct {
		First, Second, Held, Model, Mean, Sharp []string
		Maps                                    int
	}
	openedPage(t, page, `
const weights = () => texts(".head:not(#x) svg rect.c title").filter(x => x.startsWith("c (position 0) looks at")).slice(-4).map(x => x.match(/weight (\S+),/)[1]);
const first = texts("#results b"), model = weights();
move("sharp", -41); const mean = weights();
move("sharp", 10); const sharp = weights();
move("sharp", 0);
move("input", 1);
return {first, second: texts("#results b"), held: texts("[data-held] td"), model, mean, sharp, maps: document.querySelectorAll(".maps svg rect").length};`, &got)
	assert.Equal(t, []string{"output sorted = a b c"}, got.First)
	assert.Equal(t, []string{"output sorted = a g h"}, got.Second)
	assert.Equal(t, "h a g 0 1 2 2 0 1 a g h", strings.Join(got.Held, " "), "tokens, indices, place and sorted")
	assert.Equal(t, []string{"0", "0", "1", "0"}, got.Model, "in the last layer the first place looks for a")
	assert.Equal(t, []string{"0.25", "0.25", "0.25", "0.25"}, got.Mean)
	assert.Equal(t, got.Model, got.Sharp)
	assert.Greater(t, got.Maps, 500, "cells of the QK and OV circuits")
}

// TestPageOfPrediction: the slider of temperature gives what rasp next gives, on each
// beginning of the text.
func TestPageOfPrediction(t *testing.T) {
	browser(t)
	page := filepath.Join(t.TempDir(), "shannon.html")
	rasp(t, "draw", "shannon", "the ", "-o", page)
	var got []struct {
		Inputs string
		Bars   []string
	}
	openedPage(t, page, `
const list = [];
for (const [input, temperature] of [[0, 0], [0, 20], [0, -20], [1, 0], [2, 20]]) {
  move("input", input);
  move("temperature", temperature);
  list.push({inputs: document.getElementById("which").value, bars: texts("#next rect title")});
}
return list;`, &got)
	for i, want := range []struct{ text, temperature string }{{"the ", "1"}, {"the ", "10"}, {"the ", "0.1"}, {"the", "1"}, {"th", "10"}} {
		assert.Contains(t, got[i].Inputs, `shannon("`+want.text+`")`)
		var next struct {
			Next []struct {
				Token       string
				Probability float64
			}
		}
		list, err := json.Marshal(strings.Split(want.text, ""))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal([]byte(rasp(t, "next", "shannon", string(list), "--temperature", want.temperature, "--top", "0", "--json")), &next))
		require.Len(t, got[i].Bars, len(next.Next))
		for j, n := range next.Next {
			var token string
			var p float64
			parts := regexp.MustCompile(`^(.*): probability (\S+),`).FindStringSubmatch(got[i].Bars[j])
			require.NotNil(t, parts, got[i].Bars[j])
			token = strings.Trim(parts[1], `"`)
			require.NoError(t, json.Unmarshal([]byte(parts[2]), &p))
			assert.Equal(t, n.Token, token)
			assert.InEpsilon(t, n.Probability, p, 1e-4)
		}
	}
}

// TestGallery: all pages of ready-made programs are below 300 KB and in the index; some of
// each kind are opened.
func TestGallery(t *testing.T) {
	dir := t.TempDir()
	rasp(t, "gallery", "-o", dir)
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	for _, name := range open.ReadyNames() {
		assert.Contains(t, string(index), `<a href="./`+name+`.html">`)
		info, err := os.Stat(filepath.Join(dir, name+".html"))
		require.NoError(t, err)
		assert.Less(t, info.Size(), int64(300_000), name)
	}
	if testing.Short() {
		return
	}
	browser(t)
	for _, name := range []string{"caesar", "copying", "counter_machine", "dyck3", "subleq"} {
		var results []string
		openedPage(t, filepath.Join(dir, name+".html"), `move("input", document.getElementById("input").max); return texts("#results b");`, &results)
		assert.NotEmpty(t, results, name)
	}
}
