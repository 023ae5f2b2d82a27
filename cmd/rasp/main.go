// Command rasp interprets RASP programs, compiles them into transformers, runs
// these and checks one against the other.
//
// One command is one file, named after it: its flags, a call, and how the result is
// printed. What they share: the domain of a model and its flags are in domain.go,
// where it runs in device.go, a FILE in load.go, texts in texts.go; results are
// printed by print.go, input.go and matrix.go, faults by fault.go and usage.go, all of it
// in the colours of color.go; progress.go and waiting.go say how far long work is.
// Package open makes a FILE runnable; service and lsp answer editors.
//
// Results go to stdout, all else to stderr. The exit status is 0 for success, 1 if
// the program, model or data is at fault, 2 for wrong usage, 130 after an interrupt.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"rasp/runtime/atomicfile"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(execute(interruptible(os.Stderr), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

const (
	// grace is how long a command may take to stop after an interrupt.
	grace = 500 * time.Millisecond
	// brief is how long a command that writes no file runs before interrupts are its own
	// matter; one that comes sooner ends the process, as it does before main. To listen takes
	// two threads, a tenth of the time of a command that only prints something.
	brief = 20 * time.Millisecond
)

// interruptsTaken: the command has a use of its own for Ctrl-C.
var interruptsTaken atomic.Bool

// interruptible is a context that an interrupt ends. If that does not end the command soon,
// the process ends all the same, and leaves no temporary file.
func interruptible(stderr io.Writer) context.Context {
	ctx, end := context.WithCancel(context.Background())
	listen := sync.OnceFunc(func() {
		interrupt := make(chan os.Signal, 1)
		if heard := notIgnored(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP); len(heard) > 0 {
			signal.Notify(interrupt, heard...)
		}
		go func() {
			for s := <-interrupt; s == os.Interrupt && interruptsTaken.Load(); {
				s = <-interrupt
			}
			end()
			time.Sleep(grace)
			atomicfile.Abandon()
			fmt.Fprintln(stderr, "rasp: interrupted")
			os.Exit(statusInterrupted)
		}()
	})
	atomicfile.BeforeFirst(listen)
	time.AfterFunc(brief, listen)
	return ctx
}

// notIgnored are the signals of a list that whoever started the process has not told it to
// ignore, as nohup does.
func notIgnored(list ...os.Signal) (heard []os.Signal) {
	for _, s := range list {
		if !signal.Ignored(s) {
			heard = append(heard, s)
		}
	}
	return heard
}

// execute executes a command line and returns the exit status.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	command, err := perform(ctx, args, stdin, stdout, stderr)
	return report(stderr, command, err)
}

// perform executes a command line, up to the report of its error.
func perform(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (*cobra.Command, error) {
	started := false // before a command starts, every error is one of usage
	root := rootFor(args, &started)
	output := &writer{to: stdout}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(output)
	root.SetErr(stderr)
	command, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		err = output.failed()
	case !started:
		err = asUsage(command, err)
	}
	return command, err
}

// welcome is what rasp alone says before it lists the commands.
const welcome = `rasp interprets RASP programs and compiles them into transformers.

New here? "rasp new" writes a first program and says what to do with it,
"rasp list" shows the ready-made ones, "rasp repl" computes what you type, and
"rasp help select" explains a word of the language.`

// newRoot is rasp with all its commands.
func newRoot(started *bool) *cobra.Command {
	root := bareRoot(started)
	root.Version = versionLine()
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetHelpCommand(helpCommand(root))
	addCommands(root)
	complete(root)
	return root
}

// rootFor is rasp with the one command that args name, or with all if they name none: to make
// thirty others with their flags takes longer than most short commands.
func rootFor(args []string, started *bool) *cobra.Command {
	if len(args) > 0 {
		if cmd := commandNamed(args[0]); cmd != nil {
			root := bareRoot(started)
			root.CompletionOptions.DisableDefaultCmd = true
			root.AddCommand(cmd)
			return root
		}
	}
	return newRoot(started)
}

// bareRoot is rasp without commands.
func bareRoot(started *bool) *cobra.Command {
	root := &cobra.Command{
		Use:           "rasp COMMAND",
		Short:         "Interpret RASP programs and compile them into transformers",
		Long:          welcome,
		SilenceErrors: true,
		SilenceUsage:  true,
		// What no command answers to comes to RunE, flags and all.
		Args:               cobra.ArbitraryArgs,
		FParseErrWhitelist: cobra.FParseErrWhitelist{UnknownFlags: true},
		RunE:               helpOrUnknown,
		PersistentPreRun:   func(*cobra.Command, []string) { *started = true },
	}
	root.DisableFlagsInUseLine = true
	return root
}

// writer is stdout: it remembers the first error, so that a full disk is not
// taken for success.
type writer struct {
	to  io.Writer
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.to.Write(p)
	w.err = err
	return n, err
}

func (w *writer) failed() error {
	if w.err == nil {
		return nil
	}
	return fmt.Errorf("cannot write the result: %w", w.err)
}
