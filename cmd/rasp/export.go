package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
	"rasp/runtime/export"
	"rasp/runtime/export/gguf"
	"rasp/runtime/export/huggingface"
	"rasp/runtime/export/onnx"
	"rasp/runtime/export/safetensors"
	"rasp/runtime/export/transformerlens"
)

// forms are the formats of other tools.
var forms = []export.Form{transformerlens.Form, huggingface.Form, huggingface.Llama, onnx.Form, gguf.Form, safetensors.Form}

type exportFlags struct {
	to      string
	out     string
	outputs string
	large   bool
	domain  domainFlags
}

func exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export FILE --to FORM -o FOLDER",
		Short: "Write a model in the format of another tool",
		Long: `Write a model in the format of another tool.

FILE is a model (.safetensors) or a program, which is compiled first. The folder
has the weights, whatever the tool wants beside them (configuration, tokenizer),
a model card with the program, the certificate and the circuit (README.md), and
the circuit as JSON. No tool needs code of ours to open it, but for
TransformerLens, where it is a file of the folder.

` + formList() + `
Errors are bounded once more as the tools compute; what is certified of a form, and
what is not, is printed and stands in the model card. A form that cannot hold a model
refuses it.`,
		Example: `  rasp export sort --to huggingface -o sort-hf
  rasp export model.safetensors --to transformerlens -o sort-tl`,
		Args: files("FILE", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.to, "to", "", "the form: "+formNames())
	flags.StringVarP(&f.out, "out", "o", "", "the folder to write; one that an export has made is replaced")
	flags.StringVar(&f.outputs, "output", "", "s-ops to compile, separated by commas (default: #rasp:output, else the last one assigned)")
	flags.BoolVar(&f.large, "large", false, "write more than 4 GB, too")
	f.domain.register(cmd)
	return cmd
}

func formNames() string {
	var names []string
	for _, f := range forms {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// formList says what each form is.
func formList() string {
	var b strings.Builder
	for _, f := range forms {
		fmt.Fprintf(&b, "  %-16s %s\n", f.Name, f.About)
	}
	return b.String()
}

// most is how many bytes are written without --large.
const most = 4_000_000_000

func (f *exportFlags) run(cmd *cobra.Command, file string) error {
	form, err := f.form()
	if err != nil {
		return err
	}
	m, certify, err := f.model(cmd, file)
	if err != nil {
		return err
	}
	line := wait(cmd.ErrOrStderr(), "export")
	folder, said, err := export.Of(cmd.Context(), m, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), form, certify)
	line.done()
	var refused *export.Refusal
	if errors.As(err, &refused) {
		return open.Faultf(diag.Domain, refused.Hint, "%s cannot hold %s: %s", form.Name, file, refused.Why)
	}
	if err != nil {
		return err
	}
	if size := folder.Size(); size > most && !f.large {
		return open.Faultf(diag.Limit, "--large writes it all the same; most of it is zeros", "the folder would take %.1f GB", float64(size)/1e9)
	}
	line = wait(cmd.ErrOrStderr(), "write "+f.out)
	err = writeFolder(folder, f.out)
	line.done()
	if err != nil {
		return err
	}
	return f.report(cmd, folder, said)
}

// form is the one that --to names.
func (f *exportFlags) form() (export.Form, error) {
	if f.to == "" {
		return export.Form{}, usagef("the forms are "+formNames(), "--to is missing")
	}
	if f.out == "" {
		return export.Form{}, usagef("give the folder to write: -o FOLDER", "-o is missing")
	}
	for _, form := range forms {
		if form.Name == f.to {
			return form, nil
		}
	}
	return export.Form{}, usagef("the forms are "+formNames(), "--to: unknown form %q", f.to)
}

// writeFolder writes the files of a folder.
func writeFolder(folder *export.Folder, path string) error {
	var names []string
	for _, file := range folder.Files {
		names = append(names, file.Name)
	}
	return atomicfile.Folder(path, names, func(temporary string) error {
		for _, file := range folder.Files {
			if err := atomicfile.Write(filepath.Join(temporary, file.Name), file.Write); err != nil {
				return err
			}
		}
		return nil
	})
}

// report says how to open the folder, and what is certain of it and what is not.
func (f *exportFlags) report(cmd *cobra.Command, folder *export.Folder, said []export.Said) error {
	for _, s := range said {
		verdict := "not certified"
		if s.Holds {
			verdict = "certified"
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s in this form: %s\n", verdict, s.Text)
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), strings.Join(folder.Open(f.out), "\n"))
	return err
}
