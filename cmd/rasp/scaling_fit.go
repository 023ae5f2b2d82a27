package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang/diag"
	"rasp/lang/flow/picture/raster"
	"rasp/runtime/atomicfile"
	"rasp/runtime/scaling"
	"rasp/runtime/text"
)

type fitFlags struct {
	objective string
	drop      int
	bootstrap int
	seed      uint64
	plot      string
	columns   string
	json      bool
}

func fitCommand() *cobra.Command {
	var f fitFlags
	cmd := &cobra.Command{
		Use:   "fit DATA.csv",
		Short: "Fit the scaling law to measured runs",
		Long: `Fit the scaling law to measured runs.

DATA.csv has a header with the columns N (parameters), D (training tokens) and
loss (nats a token), or with the FLOPs of training instead of D, which is
FLOP / (6 N) then; --columns says what they are called. Fields stand between
commas, semicolons or tabs. The fit minimises the Huber losses (delta 0.001) of log
loss: their sum, or the negative log-likelihood of the density that belongs to
them, its scale fitted too. The bootstrap draws the runs anew to show how sure
the coefficients are.`,
		Example: `  rasp scaling fit runs.csv --drop-worst 5 --plot law.svg
  rasp scaling fit runs.csv --json > law.json`,
		Args: files("file of runs", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.objective, "objective", "sum", `what is minimised: "sum" or "density"`)
	flags.IntVar(&f.drop, "drop-worst", 0, "leave out so many runs of highest loss")
	flags.IntVar(&f.bootstrap, "bootstrap", 100, "resamples for the intervals, 0 for none")
	flags.Uint64Var(&f.seed, "seed", 1, "of the bootstrap")
	flags.StringVar(&f.plot, "plot", "", "write a picture of runs and law (.svg or .png)")
	flags.StringVar(&f.columns, "columns", "", `names of columns, such as "N=Model Size,FLOP=Training FLOP" (of N, D, loss, FLOP; default: the usual ones)`)
	flags.BoolVar(&f.json, "json", false, "print one JSON object, which plan --law reads")
	return cmd
}

// fitted is the result in JSON.
type fitted struct {
	scaling.Law
	Objective string             `json:"objective"`
	Value     float64            `json:"value"`
	Scale     float64            `json:"scale,omitempty"`
	Runs      int                `json:"runs"`
	Bootstrap *scaling.Bootstrap `json:"bootstrap,omitempty"`
}

func (f *fitFlags) run(cmd *cobra.Command, file string) error {
	objective, err := scaling.ParseObjective(f.objective)
	if err != nil {
		return usagef("", "--objective: %s", err)
	}
	if f.drop < 0 || f.bootstrap < 0 {
		return usagef("", "--drop-worst and --bootstrap are ints from 0")
	}
	format := strings.ToLower(filepath.Ext(f.plot))
	if f.plot != "" && format != ".svg" && format != ".png" {
		return usagef("the name ends in .svg or .png", "--plot: %s is no picture", f.plot)
	}
	if sameFile(file, f.plot) {
		return usagef("", "--plot: %s is the file of runs itself", f.plot)
	}
	table, err := f.readRuns(cmd, file)
	if err != nil {
		return err
	}
	warnOfRuns(cmd.ErrOrStderr(), file, table)
	runs := scaling.WithoutWorst(table.Runs, f.drop)
	fit, err := scaling.FitLaw(cmd.Context(), runs, objective)
	if err != nil {
		return inFile(file, err)
	}
	result := fitted{Law: fit.Law, Objective: objective.String(), Value: fit.Value, Scale: fit.Scale, Runs: fit.Runs}
	if f.bootstrap > 0 {
		b, err := f.resample(cmd, runs, objective)
		if err != nil {
			return err
		}
		result.Bootstrap = &b
	}
	if f.plot != "" {
		if err := writeChart(f.plot, runs, fit.Law, format == ".png"); err != nil {
			return err
		}
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), result)
	}
	return result.print(cmd.OutOrStdout())
}

// writeChart draws runs and law into a file.
func writeChart(file string, runs []scaling.Run, l scaling.Law, png bool) error {
	var picture bytes.Buffer
	if err := scaling.Chart(&picture, runs, l); err != nil {
		return err
	}
	content := picture.Bytes()
	if png {
		var err error
		if content, _, err = raster.PNG(content); err != nil {
			return err
		}
	}
	return atomicfile.Write(file, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (f *fitFlags) readRuns(cmd *cobra.Command, file string) (scaling.Table, error) {
	columns, err := columnsOf(f.columns)
	if err != nil {
		return scaling.Table{}, err
	}
	in, err := text.Open(file, cmd.InOrStdin())
	if err != nil {
		return scaling.Table{}, err
	}
	defer in.Close()
	table, err := scaling.ReadRuns(in, columns)
	if err != nil {
		return table, inFile(file, err)
	}
	return table, nil
}

// columnsOf reads the flag: N=NAME,D=NAME,loss=NAME,FLOP=NAME, each of them optional.
func columnsOf(list string) (c scaling.Columns, err error) {
	if list == "" {
		return c, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		what, name, _ := strings.Cut(part, "=")
		to := map[string]*string{"n": &c.N, "d": &c.D, "loss": &c.Loss, "flop": &c.FLOPs}[strings.ToLower(strings.TrimSpace(what))]
		if to == nil || strings.TrimSpace(name) == "" {
			return c, usagef(`such as --columns "N=Model Size,FLOP=Training FLOP"`, "--columns: %q is none of N=NAME, D=NAME, loss=NAME, FLOP=NAME", part)
		}
		*to = strings.TrimSpace(name)
	}
	return c, nil
}

// warnOfRuns says what is strange about a table, and what was made of it.
func warnOfRuns(to io.Writer, file string, t scaling.Table) {
	if t.Derived > 0 {
		fmt.Fprintf(to, "rasp: D is FLOP / (6 N) in %s\n", diag.Count(t.Derived, "run"))
	}
	if t.Small() {
		d := open.Faultf(diag.Value, "write them out, such as 7e9; what is said of budgets holds for these units only", "N or D is never as large as 10,000: logarithms, millions or billions?")
		d.Severity = diag.Warning
		fmt.Fprint(to, render(to, d, file))
	}
}

func (f *fitFlags) resample(cmd *cobra.Command, runs []scaling.Run, o scaling.Objective) (scaling.Bootstrap, error) {
	line := progress{to: terminal(cmd.ErrOrStderr()), what: "resamples"}
	defer line.clear()
	var show func(done, total int)
	if line.to != nil {
		show = line.show
	}
	return scaling.Resample(cmd.Context(), runs, o, f.bootstrap, f.seed, show)
}

func (r fitted) print(to io.Writer) error {
	fmt.Fprintf(to, "L(N, D) = E + A/N^alpha + B/D^beta, fitted to %d runs\n", r.Runs)
	table := newTable(to)
	b := scaling.Bootstrap{}
	if r.Bootstrap != nil {
		b = *r.Bootstrap
		fmt.Fprintf(table, "\t\t95%% of %d resamples\n", b.Samples)
	}
	row := func(name, format string, x float64, over scaling.Interval) {
		fmt.Fprintf(table, "%s\t"+format, name, x)
		if r.Bootstrap != nil {
			fmt.Fprintf(table, "\t"+format+" to "+format, over.Low, over.High)
		}
		fmt.Fprintln(table)
	}
	row("E", "%.4f", r.E, b.E)
	row("A", "%.5g", r.A, b.A)
	row("B", "%.5g", r.B, b.B)
	row("alpha", "%.5f", r.Alpha, b.Alpha)
	row("beta", "%.5f", r.Beta, b.Beta)
	row("optimal N grows as C to the", "%.4f", r.Beta/(r.Alpha+r.Beta), b.Exponent)
	row(fmt.Sprintf("tokens a parameter at %.3g FLOPs", scaling.GopherFLOPs), "%.1f",
		r.Optimal(scaling.GopherFLOPs).TokensPerParameter(), b.TokensPerParameter)
	fmt.Fprintf(table, "objective (%s)\t%.8g\n", r.Objective, r.Value)
	return table.Flush()
}
