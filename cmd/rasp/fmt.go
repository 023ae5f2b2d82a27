package main

import (
	"errors"
	"io"
	"io/fs"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/format"
	"rasp/runtime/atomicfile"
	"rasp/runtime/text"
)

type fmtFlags struct{ write, diff, list bool }

func fmtCommand() *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [FILE...]",
		Short: "Lay a program out in the canonical way",
		Long: `Lay a program out in the canonical way.

The meaning stays the same and comments keep their place. The result goes to
stdout, unless -w, -d or -l says otherwise. Without a FILE, or where it is -,
the program comes from stdin. A program with syntax errors is not touched.`,
		Example: `  rasp fmt program.rasp
  rasp fmt -w *.rasp`,
		Args: func(_ *cobra.Command, args []string) error { return haveNames("FILE", args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"-"}
			}
			return f.run(cmd, args)
		},
	}
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "write the result to the file")
	cmd.Flags().BoolVarP(&f.diff, "diff", "d", false, "print what would change")
	cmd.Flags().BoolVarP(&f.list, "list", "l", false, "print the names of the files that would change")
	return cmd
}

func (f *fmtFlags) run(cmd *cobra.Command, files []string) error {
	failed := false
	for _, file := range files {
		if file == "-" && f.write {
			return usagef("name the file, or leave -w out", "-w: there is no file to write for stdin")
		}
	}
	for _, file := range files {
		faults, err := f.format(cmd, file)
		if err != nil {
			return err
		}
		printFaults(cmd.ErrOrStderr(), faults)
		failed = failed || faults != nil
	}
	if failed {
		return errFailed
	}
	return nil
}

// format formats one file. The faults are those of the file.
func (f *fmtFlags) format(cmd *cobra.Command, file string) (diag.List, error) {
	if file != "-" && open.IsModel(file) && open.Exists(file) {
		return diag.List{open.NotAProgram(file)}, nil
	}
	from, err := text.Open(file, cmd.InOrStdin())
	ready, isReady := open.ReadyMade(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && isReady && f.write:
		return diag.List{open.Faultf(diag.Value, "rasp show writes it to stdout", "%s is ready-made, and there is no file to write", file)}, nil
	case errors.Is(err, fs.ErrNotExist) && isReady:
		return f.lay(cmd.OutOrStdout(), file, ready)
	case errors.Is(err, fs.ErrNotExist):
		_, faults := open.Program(file)
		return faults, nil
	case err != nil:
		return diag.List{lang.NotRead(file, err)}, nil
	}
	defer from.Close()
	if from.Packed && f.write {
		return diag.List{open.Faultf(diag.Type, "unpack it first", "%s is packed, and a program is written as plain text", file)}, nil
	}
	name := nameOfText(file)
	before, err := lang.ReadText(from)
	if err != nil {
		return diag.List{lang.NotRead(name, err)}, nil
	}
	return f.lay(cmd.OutOrStdout(), name, before)
}

// lay lays a program out.
func (f *fmtFlags) lay(stdout io.Writer, name, before string) (diag.List, error) {
	after, faults := format.Source(diag.NewSource(name, before))
	if faults != nil {
		return faults, nil
	}
	return nil, f.deliver(stdout, name, before, after)
}

// deliver does with the result what the flags ask for.
func (f *fmtFlags) deliver(stdout io.Writer, name string, before, after string) error {
	if !f.write && !f.diff && !f.list {
		return writeProgram(stdout, after)
	}
	if before == after {
		return nil
	}
	if f.list {
		if err := writeText(stdout, name+"\n"); err != nil {
			return err
		}
	}
	if f.diff {
		if err := writeText(stdout, string(diff.Diff(name, []byte(before), name+" (formatted)", []byte(after)))); err != nil {
			return err
		}
	}
	if !f.write {
		return nil
	}
	return atomicfile.Write(name, func(w io.Writer) error {
		_, err := io.WriteString(w, after)
		return err
	})
}
