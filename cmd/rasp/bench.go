package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"rasp/gpu/measure"
	"rasp/runtime"
	"rasp/runtime/bench"
	"rasp/runtime/model"
)

type benchFlags struct {
	shape   string
	batch   int
	threads int
	seconds float64
	json    bool
	gemm    string
	heads   string
	dims    int
	device  deviceFlag
	domain  domainFlags
}

func benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench FILE | --shape SHAPE | --gemm SIZES | --attention LENGTHS",
		Short: "Measure how fast a model runs, beside what the machine can do",
		Long: `Measure how fast a model runs, beside what the machine can do.

FILE is a model (.safetensors) or a program, which is compiled first; it runs on
the longest inputs, one at a time and in a batch, with sparse and with dense
weights. A SHAPE makes a dense random model to prefill and to decode with. SIZES
are those of square matrices to multiply.

With --device cuda, FILE runs on the GPU and on all cores of the CPU, in batches
of 1, 2, 4, ... inputs, to see from which on the GPU is faster; copies to the GPU
and back are counted, and shown apart. --gemm then takes the three kernels that
multiply matrices, from the first that one would write to the one that is used,
and --attention measures that of 4 sequences with 16 heads of 64 dims, or with
--dims that of 1024 sequences with 2 heads of so many, as compiled models have.

Where other work keeps the processors busy, a line on stderr says so.`,
		Example: `  rasp bench sort --length 64
  rasp bench model.safetensors --batch 1000 --threads 2
  rasp bench --shape d_model=768,layers=12,heads=12,vocab=50257,length=1024
  rasp bench model.safetensors --device cuda
  rasp bench --gemm 512,1024,2048 --device cuda`,
		Args: func(cmd *cobra.Command, args []string) error {
			given := ""
			for _, name := range []string{"shape", "gemm", "attention"} {
				switch {
				case !cmd.Flags().Changed(name):
				case cmd.Flags().Lookup(name).Value.String() == "":
					return usagef("", "--%s is empty", name)
				case given != "":
					return usagef("", "--%s and --%s measure different things: give one of them", given, name)
				case len(args) > 0:
					return usagef("", "--%s is measured without a FILE, so %q is one too many", name, args[0])
				default:
					given = name
				}
			}
			if given != "attention" {
				if err := refuse(cmd, "only with --attention", "dims"); err != nil {
					return err
				}
			}
			if given == "" {
				return files("FILE", 1)(cmd, args)
			}
			return refuse(cmd, "only with a FILE", "batch", "vocab", "length", "causal", "optimize", "partial")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	cmd.Flags().StringVar(&f.shape, "shape", "", "d_model=,layers=,heads=,vocab=,length= and optionally d_head=, d_mlp=")
	cmd.Flags().StringVar(&f.gemm, "gemm", "", "sides of matrices, such as 512,1024,2048")
	cmd.Flags().StringVar(&f.heads, "attention", "", "lengths of sequences, such as 256,1024, with --device cuda")
	cmd.Flags().IntVar(&f.dims, "dims", measure.LargeHeads.Dims, "of a head, with --attention")
	cmd.Flags().IntVar(&f.batch, "batch", 256, fmt.Sprintf("inputs in a batch; with --device cuda in the largest, which is %d without it", measure.LargestBatch))
	f.threads = 1
	cmd.Flags().Var((*threadCount)(&f.threads), "threads", "goroutines that compute")
	cmd.Flags().Float64Var(&f.seconds, "seconds", 0.5, "how long each measurement goes on, three repetitions at least")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line: each result, and before those of a FILE or SHAPE the machine")
	f.device.register(cmd)
	_ = cmd.Flags().MarkHidden("dense") // see run
	f.domain.register(cmd)
	return cmd
}

func (f *benchFlags) run(cmd *cobra.Command, args []string) error {
	if f.batch < 1 || !(f.seconds >= 0 && f.seconds < 1e6) {
		return usagef("", "--batch is at least 1, --seconds 0")
	}
	if err := refuse(cmd, "sparse and dense weights are both measured", "dense"); err != nil {
		return err
	}
	if err := f.device.check(cmd); err != nil {
		return err
	}
	switch {
	case cmd.Flags().Changed("gemm"):
		return f.products(cmd)
	case cmd.Flags().Changed("attention"):
		return f.attention(cmd)
	}
	model, err := f.model(cmd, args)
	if err != nil {
		return err
	}
	if f.device.name == cuda {
		return f.onGPU(cmd, model)
	}
	ctx := cmd.Context()
	machine, err := f.clock().Machine(ctx, f.threads)
	if err != nil {
		return err
	}
	warnOfWork(cmd.ErrOrStderr(), machine.Busy)
	table := benchTable{to: cmd.OutOrStdout(), json: f.json, machine: machine}
	if err := table.head(model); err != nil {
		return err
	}
	batches := []int{1, f.batch}
	if f.shape != "" {
		batches = nil
	}
	for _, s := range f.sessions(model) {
		if err := s.Measure(ctx, batches, table.row); err != nil {
			return err
		}
	}
	return nil
}

// warnOfWork says that the machine is busy, which makes every figure too low.
func warnOfWork(to io.Writer, busy float64) {
	const seldom = 0.05
	if busy > seldom {
		fmt.Fprintf(to, "rasp: the machine is busy: other work took %.0f %% of the time, so these figures are too low and not to be compared\n", 100*busy)
	}
}

func (f *benchFlags) clock() bench.Clock {
	return bench.Clock{Duration: time.Duration(f.seconds * float64(time.Second))}
}

func (f *benchFlags) sessions(m *model.Model) []bench.Session {
	session := func(weights string, choices ...runtime.Option) bench.Session {
		s := runtime.NewSession(m, append(choices, runtime.Threads(f.threads))...)
		return bench.Session{Engine: s, Counts: s, Model: m, Weights: weights, Clock: f.clock()}
	}
	dense := session("dense", runtime.Dense())
	if f.shape != "" {
		return []bench.Session{dense}
	}
	return []bench.Session{session("sparse"), dense}
}

// model is that of a FILE or a shape.
func (f *benchFlags) model(cmd *cobra.Command, args []string) (*model.Model, error) {
	if f.shape != "" {
		shape, vocab, err := bench.ParseShape(f.shape)
		if err != nil {
			return nil, usagef("such as --shape d_model=768,layers=12,heads=12,vocab=50257,length=1024", "--shape: %s", err)
		}
		return bench.Random(shape, vocab, 1)
	}
	return f.domain.model(cmd, args[0], "")
}

// benchTable prints results as they come, for people or as JSON lines.
type benchTable struct {
	to      io.Writer
	json    bool
	machine bench.Machine
}

func (t *benchTable) head(m *model.Model) error {
	if t.json {
		return writeJSON(t.to, t.machine)
	}
	parameters, nonzero := m.Parameters()
	_, err := fmt.Fprintf(t.to, `machine  %.1f GFLOP/s in a product of matrices, %.1f GB/s in a copy loop (threads: %d)
model    %d parameters, %d nonzero; layers %d, heads %d, d_model %d, d_head %d, d_mlp %d

weights  work        length    tokens/s  us/sequence  GFLOP/s  of product  GB/s  of copy
`, t.machine.Operations, t.machine.Bandwidth, t.machine.Threads, parameters, nonzero, m.Layers, m.Heads, m.DModel, m.DHead, m.DMLP)
	return err
}

func (t *benchTable) row(r bench.Result) error {
	if t.json {
		return writeJSON(t.to, r)
	}
	work := r.Work
	if work == "batch" {
		work += " " + strconv.Itoa(r.Batch)
	}
	line := fmt.Sprintf("%-7s  %-10s  %6d  %10.0f  %11.1f  %7.1f  %10s", r.Weights, work, r.Length,
		r.Tokens, r.Sequence, r.Operations, share(r.Operations, t.machine.Operations))
	if r.Bandwidth > 0 {
		line += fmt.Sprintf("  %4.1f  %7s", r.Bandwidth, share(r.Bandwidth, t.machine.Bandwidth))
	}
	_, err := fmt.Fprintln(t.to, line)
	return err
}

// share of a whole, - if that is not known.
func share(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}
