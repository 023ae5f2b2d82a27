//go:build linux || darwin

package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A program is run again when it is saved, as editors do it, and when a file that it loads is;
// faults do not end that, an interrupt does.
func TestWatch(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) { require.NoError(t, os.WriteFile(name, []byte(text), 0o644)) }
	write("part.rasp", "k = 1;\n")
	write("a.rasp", "load \"part\";\nx = indices + k;\n")
	p := &person{t: t, cmd: exec.Command("rasp", "run", "a.rasp", "abc", "--watch")}
	p.cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1")
	p.sitsDown()
	p.sees(0, "[1, 2, 3]")
	p.sees(0, "Ctrl-C ends this")

	write("part.rasp", "k = 10;\n")
	p.sees(0, "[10, 11, 12]")
	write("a.rasp", "x = ;\n")
	p.sees(0, "found \";\"")
	write("new", "x = indices * 5;\n")
	require.NoError(t, os.Rename("new", "a.rasp"))
	p.sees(0, "[0, 5, 10]")
	require.NoError(t, os.Remove("a.rasp"))
	write("a.rasp", "x = indices * 7;\n")
	p.sees(0, "[0, 7, 14]")

	write("a.rasp", "load \"later\";\nx = indices * k;\n")
	p.sees(0, "could not find file: later.rasp")
	p.sees(0, "Ctrl-C ends this")
	write("later.rasp", "k = 9;\n")
	p.sees(0, "[0, 9, 18]")

	require.NoError(t, p.cmd.Process.Signal(syscall.SIGINT))
	_ = p.cmd.Wait()
	assert.Equal(t, statusInterrupted, p.cmd.ProcessState.ExitCode())
}
