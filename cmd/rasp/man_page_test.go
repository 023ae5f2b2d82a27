package main

import (
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

func TestRoffPageSaysWhatHelpSays(t *testing.T) {
	root := &cobra.Command{Use: "rasp COMMAND", Short: "All of it"}
	cmd := &cobra.Command{
		Use:     "fit DATA.csv",
		Short:   "Fit the law",
		Long:    "Fit the law.\n.csv and 'C:\\tmp' are read ~ so:\n  a ^ b\n\n#### Then:\n\n\tfit c\n\nThe end.",
		Example: "  rasp fit 'x y.csv'",
		Run:     func(*cobra.Command, []string) {},
	}
	root.AddCommand(cmd)
	cmd.Flags().StringP("out", "o", "-", "a `FILE` to write")
	cmd.Flags().Int("seed", 1, "of the draw")
	cmd.Flags().String("noise", "", "stand noise of `SIGMA`")
	cmd.Flags().Lookup("noise").NoOptDefVal = "any"
	cmd.Flags().Bool("json", false, "print JSON")
	cmd.Flags().Bool("secret", false, "not shown")
	cmd.Flags().Lookup("secret").Hidden = true
	assert.Equal(t, `.TH RASP\-FIT 1 "" rasp rasp
.SH NAME
rasp\-fit \- Fit the law
.SH SYNOPSIS
\fBrasp fit DATA.csv [flags]\fR
.SH DESCRIPTION
Fit the law.
\&.csv and \(aqC:\etmp\(aq are read \(ti so:
.EX
  a \(ha b
.EE
.SS Then:
.PP
.EX
	fit c
.EE
.PP
The end.
.SH OPTIONS
.TP
\fB\-h\fR, \fB\-\-help\fR
help for fit
.TP
\fB\-\-json\fR
print JSON
.TP
\fB\-\-noise\fR[=\fISIGMA\fR]
stand noise of SIGMA
.TP
\fB\-o\fR, \fB\-\-out\fR \fIFILE\fR
a FILE to write (default "\-")
.TP
\fB\-\-seed\fR \fIint\fR
of the draw (default 1)
.SH EXAMPLES
.EX
  rasp fit \(aqx y.csv\(aq
.EE
.SH SEE ALSO
\fBrasp\fR(1)
`, roffPage(cmd))
}
