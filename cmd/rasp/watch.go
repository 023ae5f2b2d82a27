package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/diag"
)

// watchEvery is how often files are looked at. Looking is taken rather than being told by the
// system: editors replace files, folders come from other machines, and a look at a handful
// of files costs nothing.
const watchEvery = 150 * time.Millisecond

// watching does the work again whenever one of the files changes, and is not ended by a fault,
// only by an interrupt.
func watching(cmd *cobra.Command, files []string, work func() error) error {
	for _, file := range files {
		if _, ready := open.ReadyMade(file); ready && !open.Exists(file) {
			return usagef("rasp show writes it into a file", "--watch: %s is ready-made and never changes", file)
		}
	}
	for {
		seen := lookAt(withLoaded(files))
		clearScreen(cmd.OutOrStdout())
		err := work()
		if cmd.Context().Err() != nil {
			return context.Canceled
		}
		report(cmd.ErrOrStderr(), cmd, err)
		fmt.Fprintf(cmd.ErrOrStderr(), "%s\n", in(cmd.ErrOrStderr(), dim, "rasp: runs again when "+diag.Visible(names(files))+" is saved; Ctrl-C ends this"))
		if err := seen.changed(cmd.Context()); err != nil {
			return err
		}
	}
}

func names(files []string) string {
	if len(files) == 1 {
		return files[0]
	}
	return "one of the " + diag.Count(len(files), "file")
}

// clearScreen of a terminal, so that what stands there is of now.
func clearScreen(w io.Writer) {
	if file := terminal(w); file != nil && os.Getenv("TERM") != "dumb" {
		fmt.Fprint(file, "\x1b[2J\x1b[3J\x1b[H")
	}
}

// withLoaded adds the files that programs load, also those that are not there yet.
func withLoaded(files []string) []string {
	all := append([]string{}, files...)
	parser := lang.Parser{Read: func(path string) (string, error) {
		all = append(all, path)
		return lang.ReadFile(path)
	}}
	for _, file := range files {
		if open.IsModel(file) {
			continue
		}
		if text, err := lang.ReadFile(file); err == nil {
			parser.Parse(file, text)
		}
	}
	return all
}

// look is what files were like; nil stands for one that was not there.
type look map[string]os.FileInfo

func lookAt(files []string) look {
	l := look{}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			info = nil
		}
		l[file] = info
	}
	return l
}

// changed waits until a file differs and is there; the error is that of the context.
func (l look) changed(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Canceled
		case <-tick.C:
		}
		for file, before := range l {
			if now, err := os.Stat(file); err == nil && another(before, now) {
				return nil
			} else if errors.Is(err, os.ErrNotExist) {
				l[file] = nil // an editor is about to put it back
			}
		}
	}
}

func another(before, now os.FileInfo) bool {
	return before == nil || before.Size() != now.Size() || !before.ModTime().Equal(now.ModTime()) || !os.SameFile(before, now)
}
