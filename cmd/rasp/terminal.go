package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/peterh/liner"

	"rasp/lang/console"
	"rasp/lang/elab"
)

// interact runs a session on the terminal. An interrupt ends what was typed or
// what runs, never the session.
func interact(stdout io.Writer, loaded string, read elab.Reader) error {
	var interrupted atomic.Bool
	defer onInterrupt(func() { interrupted.Store(true) })()
	c := console.New(stdout, console.Options{
		Read: read, Terminal: true, Color: wantsColor(stdout), Paint: paintOf(stdout), Interrupted: interrupted.Load,
	})
	if loaded != "" {
		c.Line(loaded)
	}
	editor := liner.NewLiner()
	defer editor.Close()
	editor.SetCtrlCAborts(true)
	editor.SetMultiLineMode(true)
	editor.SetTabCompletionStyle(liner.TabPrints)
	editor.SetWordCompleter(completer(c))
	readHistory(editor)
	defer writeHistory(editor)
	for !c.Done() {
		line, err := editor.Prompt(c.Prompt())
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			c.Drop()
			continue
		case errors.Is(err, io.EOF):
			if d := c.End(); d != nil {
				fmt.Fprint(stdout, d.Render())
			}
			return nil
		case err != nil:
			return err
		}
		if strings.TrimSpace(line) != "" {
			editor.AppendHistory(line)
		}
		interrupted.Store(false)
		c.Line(line)
	}
	return nil
}

// onInterrupt takes interrupts from main. What it returns stops that.
func onInterrupt(act func()) (stop func()) {
	interruptsTaken.Store(true)
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		for range interrupts {
			act()
		}
	}()
	return func() {
		interruptsTaken.Store(false)
		signal.Stop(interrupts)
	}
}

// completer makes the editor's view of Complete: positions count characters.
func completer(c *console.Console) liner.WordCompleter {
	return func(line string, pos int) (head string, candidates []string, tail string) {
		before := string([]rune(line)[:pos])
		start, candidates := c.Complete(before, len(before))
		return before[:start], candidates, line[len(before):]
	}
}

// historyFile is where the lines of earlier sessions are: in the user's folder
// for state or, where systems have none, for configuration.
func historyFile() (string, error) {
	folder := os.Getenv("XDG_STATE_HOME")
	var err error
	switch {
	case folder != "":
	case runtime.GOOS == "windows", runtime.GOOS == "darwin":
		folder, err = os.UserConfigDir()
	default:
		folder, err = os.UserHomeDir()
		folder = filepath.Join(folder, ".local", "state")
	}
	return filepath.Join(folder, "rasp", "history"), err
}

// readHistory and writeHistory do without a history where there can be none.
func readHistory(editor *liner.State) {
	name, err := historyFile()
	if err != nil {
		return
	}
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = editor.ReadHistory(f) // what was read of it is of use
}

func writeHistory(editor *liner.State) {
	name, err := historyFile()
	if err != nil || os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(name), "history")
	if err != nil {
		return
	}
	_, err = editor.WriteHistory(f)
	if f.Close() != nil || err != nil || os.Rename(f.Name(), name) != nil {
		_ = os.Remove(f.Name())
	}
}
