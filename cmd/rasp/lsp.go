package main

import (
	"io"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/lsp"
)

func lspCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Answer an editor: faults, values, completion and more while you write",
		Long: `Answer an editor: faults, values, completion and more while you write.

It speaks the Language Server Protocol on stdin and stdout, and is started by an
editor, not by hand. An editor that knows the protocol shows

  - what rasp check finds, with fixes where the hint is one thing to write
  - the kind of each s-op, and its values on the first example (#>) of the program,
    or else on an input of #rasp:vocab and #rasp:length, or on hello
  - above the output the size of the model, and run, draw, compile, verify
  - what a name is, where it is bound and used, in files that are loaded too; a
    rename that is refused where another name would then be meant
  - completion, signatures, outline, folding, colours, and the layout of rasp fmt

Files that a program loads are looked for in the folder of the workspace, as
rasp check run there does, and then beside the program. A statement may take
200,000 steps while you write; where it takes more, that is said, and only a
command goes on.

Models are compiled in the background, once you pause. The commands above the
output are rasp.server.run, .draw, .compile and .verify, with the URI of the program
and the name of the output; they give {"title", "kind": "text" or "svg", "content"}.
An editor with the initialization option {"commands": true} gets rasp.run and so on
instead, and carries them out itself.`,
		Example: `  rasp lsp`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return lsp.Serve(cmd.Context(), standard{cmd.InOrStdin(), cmd.OutOrStdout()}, lsp.Options{Version: version(), Pause: lsp.Pause})
		},
	}
	cmd.Flags().Bool("stdio", false, "what editors say that start it so; there is no other way")
	return cmd
}

// standard are stdin and stdout as one stream, which end with the process.
type standard struct {
	io.Reader
	io.Writer
}

func (standard) Close() error { return nil }
