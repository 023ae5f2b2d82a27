//go:build linux || darwin

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCompletionInShells presses Tab in the shells that this machine has.
func TestCompletionInShells(t *testing.T) {
	const library = "/usr/share/bash-completion/bash_completion"
	for _, test := range []struct{ shell, args, setup, needs string }{
		{"bash", "--norc --noprofile -i", "source " + library + "; source <(rasp completion bash)", library},
		{"zsh", "-f -i", "autoload -Uz compinit; compinit -u -D; source <(rasp completion zsh)", ""},
	} {
		t.Run(test.shell, func(t *testing.T) {
			if _, err := exec.LookPath(test.shell); err != nil {
				t.Skip(err)
			}
			if _, err := os.Stat(test.needs); test.needs != "" && err != nil {
				t.Skip(err)
			}
			t.Chdir(t.TempDir())
			require.NoError(t, os.WriteFile("mine.rasp", []byte("first = 1 * indices;\nsecond = first + 1;\n"), 0o644))
			p := &person{t: t, cmd: exec.Command(test.shell, strings.Fields(test.args)...)}
			p.cmd.Env = append(os.Environ(), "TERM=xterm", "PS1=ready> ", "HISTFILE=")
			p.sitsDown()
			p.sees(0, "ready> ")
			p.types(test.setup+"; echo set up $((40+2))\r", "set up 42")
			p.types("rasp run sort_n\t", "sort_numbers")
			p.types("\x15rasp run mi\t", "mine.rasp")
			p.types(" --main se\t", "second")
			p.types("\x15rasp compile mine.rasp --dump cert\t", "certify")
			p.types("\x15rasp export sort --to hugg\t", "huggingface")
			p.types("\x15exit\r", "exit")
			_ = p.cmd.Wait()
		})
	}
}

func TestCompletionInFish(t *testing.T) {
	if _, err := exec.LookPath("fish"); err != nil {
		t.Skip(err)
	}
	t.Setenv("HOME", t.TempDir())
	t.Chdir(t.TempDir())
	for typed, want := range map[string]string{
		"rasp run sort_n":               "sort_numbers",
		"rasp compile sort --dump cert": "certify",
		"rasp run sort --main sor":      "sorted",
		"rasp export sort --to hugg":    "huggingface",
		"rasp help selector_w":          "selector_width",
	} {
		out, err := exec.Command("fish", "-c", fmt.Sprintf("rasp completion fish | source; complete -C %q", typed)).Output()
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(out), want), "%s: %s", typed, out)
	}
}

// A script for PowerShell is there; no test runs it.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		status, stdout, stderr := executed(t.Context(), strings.NewReader(""), "completion", shell)
		require.Zero(t, status, stderr)
		assert.Contains(t, stdout, "__complete", shell)
	}
}
