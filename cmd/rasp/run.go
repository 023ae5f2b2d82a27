package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/domain"
	"rasp/lang/graph"
	"rasp/runtime/model"
	"rasp/runtime/text"
)

type runFlags struct {
	main     string
	inputs   string
	compiled bool
	json     bool
	again    bool
	set      []string
	threads  int
	device   deviceFlag
	domain   domainFlags
	batch    batchFlags
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run FILE [INPUT...]",
		Short: "Interpret a program or run a model on inputs",
		Long: `Interpret a program or run a model on inputs.

FILE is a program (.rasp), a compiled model (.safetensors) or the name of a
ready-made program (rasp list). An INPUT is plain text, one token a character,
or a JSON list if it starts with [.`,
		Example: `  rasp run reverse hello
  rasp run program.rasp '[3, 1, 2]' --json
  rasp run program.rasp abcab --watch
  rasp run model.safetensors --inputs lines.txt
  rasp run reverse --compiled --length 8 abc`,
		Args: f.batch.fileOrBatch(files("FILE", anyNumber)),
		RunE: func(cmd *cobra.Command, args []string) error {
			work := func() error { return f.run(cmd, args) }
			if !f.again || f.batch.list != "" {
				return work()
			}
			if f.inputs == "-" {
				return usagef("", "--watch: stdin can be read once only")
			}
			return watching(cmd, args[:1], work)
		},
	}
	cmd.Flags().StringVar(&f.main, "main", "", "which s-op or selector (default: #rasp:output, else the last one assigned)")
	cmd.Flags().StringVar(&f.inputs, "inputs", "", "read inputs from a file, one a line; - is stdin")
	cmd.Flags().BoolVar(&f.compiled, "compiled", false, "compile the program in memory, run it too, and compare")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	cmd.Flags().BoolVar(&f.again, "watch", false, "run again each time that FILE is saved, until Ctrl-C")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "SOP@POSITION=VALUE: give an s-op of the program that value there, whatever it is computed from")
	registerThreads(cmd, &f.threads, "goroutines that run a model on the lines of --inputs")
	f.device.register(cmd)
	f.domain.register(cmd)
	f.batch.register(cmd)
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command, args []string) error {
	if f.batch.list != "" {
		f.batch.threads = f.threads
		return f.batched(cmd)
	}
	if err := refuse(cmd, onlyWithBatch, "timeout"); err != nil {
		return err
	}
	file, inputs := args[0], args[1:]
	if len(inputs) == 0 && f.inputs == "" {
		return usagef("give an INPUT after FILE, or --inputs with a file of them (- is stdin)", "there is no input")
	}
	if err := f.device.check(cmd); err != nil {
		return err
	}
	r, model, faulty, err := f.open(cmd, file)
	if err != nil {
		return err
	}
	s := &series{cmd: cmd, runner: r, failed: faulty, printer: printer{
		to: bufio.NewWriterSize(cmd.OutOrStdout(), writtenAtOnce), json: f.json, several: len(r.Names()) > 1,
	}}
	if err := s.run(inputs, func(n int) string { return fmt.Sprintf("input %d", n+1) }); err != nil {
		return err
	}
	if f.inputs != "" {
		if err := f.stream(s); err != nil {
			return err
		}
	}
	if f.compiled {
		if err := printSizes(cmd.OutOrStdout(), model, f.json); err != nil {
			return err
		}
	}
	if s.failed {
		return errFailed
	}
	return nil
}

// open makes the runner of a FILE; the model is that of --compiled. A faulty
// program, whose faults have been printed, runs all the same if they leave the
// outputs alone.
func (f *runFlags) open(cmd *cobra.Command, file string) (r open.Runner, model *model.Model, faulty bool, err error) {
	if open.IsModel(file) || f.compiled {
		if err := refuse(cmd, "only where a program is interpreted; rasp intervene sets s-ops in a model", "set"); err != nil {
			return nil, nil, false, err
		}
	}
	if open.IsModel(file) {
		r, err = f.openModel(cmd, file)
		return r, nil, false, err
	}
	if f.compiled {
		r, model, err = f.openCompiled(cmd, file)
		return r, model, false, err
	}
	if err := refuse(cmd, "only with --compiled", "length", "optimize", "partial"); err != nil {
		return nil, nil, false, err
	}
	if err := refuse(cmd, "only with --compiled, or a model", "device", "dense"); err != nil {
		return nil, nil, false, err
	}
	program, faults := open.Program(file)
	if program == nil {
		return nil, nil, false, faults
	}
	printFaults(cmd.ErrOrStderr(), faults)
	faulty = faults.Err() != nil
	choices, err := f.domain.choices(cmd)
	if err != nil {
		return nil, nil, faulty, err
	}
	domain, err := choices.Lenient(program)
	if err != nil {
		return nil, nil, faulty, err
	}
	outputs, err := open.Outputs(program, namesOf(f.main), domain.Vocab)
	switch {
	case err == nil:
		r, err = f.interpreted(program, outputs, domain)
	case faulty && f.json:
		r, err = open.Refused(firstError(faults)), nil
	case faulty:
		err = errFailed
	}
	return r, nil, faulty, err
}

// interpreted runs a program in which some s-ops are set.
func (f *runFlags) interpreted(program *lang.Program, outputs []graph.Output, d domain.Domain) (open.Runner, error) {
	list, err := settings(f.set)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return open.Interpreted(outputs, d), nil
	}
	return open.InterpretedWith(program, outputs, d, list)
}

// openCompiled makes the runner of a program and the model compiled from it.
func (f *runFlags) openCompiled(cmd *cobra.Command, file string) (open.Runner, *model.Model, error) {
	c, err := f.domain.compile(cmd, file, namesOf(f.main))
	if err != nil {
		return nil, nil, err
	}
	engine, err := f.device.choice().Engine(c.Model, f.threads)
	if err != nil {
		return nil, nil, err
	}
	r, err := open.Compared(c.Model, c.Outputs, engine)
	return r, c.Model, err
}

func (f *runFlags) openModel(cmd *cobra.Command, file string) (open.Runner, error) {
	if err := refuse(cmd, compiledAlready, "compiled", "vocab", "length", "optimize", "partial"); err != nil {
		return nil, err
	}
	model, err := open.Model(file)
	if err != nil {
		return nil, err
	}
	if cmd.Flags().Changed("causal") && f.domain.causal != model.Causal {
		return nil, usagef("", "--causal: the attention of a model is fixed when it is compiled, and this one is %s", attention(model))
	}
	engine, err := f.device.choice().Engine(model, f.threads)
	if err != nil {
		return nil, err
	}
	return open.Loaded(model, f.main, engine)
}

// stream runs the lines of the --inputs file in constant memory.
func (f *runFlags) stream(s *series) error {
	from, err := text.Open(f.inputs, s.cmd.InOrStdin())
	if err != nil {
		return err
	}
	defer from.Close()
	if little() {
		defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	}
	name := nameOfText(f.inputs)
	line, start, done := progress{what: "inputs"}, time.Now(), 0
	if terminal(s.cmd.OutOrStdout()) == nil { // where results go, they are progress enough
		line.to = terminal(s.cmd.ErrOrStderr())
	}
	defer line.clear()
	for batch, err := range text.Lines(s.cmd.Context(), from) {
		if err != nil {
			return err
		}
		if err := s.run(batch, func(n int) string { return fmt.Sprintf("%s:%d", name, done+n+1) }); err != nil {
			return err
		}
		done += len(batch)
		line.count(done, start)
	}
	return nil
}

// little reports whether so little is in memory that Go collects the text that was read each
// few megabytes; with small models that takes a tenth of the time.
func little() bool {
	const few = 4 << 20 // bytes, Go's least heap
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc < few
}

// writtenAtOnce is how many bytes of results are written together.
const writtenAtOnce = 1 << 16

// series is a run over inputs; a fault in one does not keep the next from
// running.
type series struct {
	cmd     *cobra.Command
	runner  open.Runner
	printer printer
	failed  bool
	inputs  []open.Given // of the last run, whose memory the next uses again
}

// run runs inputs, and has their results written at once. The error is one that ends the
// series.
func (s *series) run(texts []string, where func(n int) string) error {
	s.inputs = append(s.inputs, make([]open.Given, max(0, len(texts)-len(s.inputs)))...)
	inputs := s.inputs[:len(texts)]
	for n, text := range texts {
		inputs[n].Read(text, s.runner.Vocabulary())
	}
	err := s.runner.Run(inputs, func(n int, results []open.Result, err error) error {
		input := &inputs[n]
		if s.cmd.Context().Err() != nil {
			return context.Canceled
		}
		if err != nil {
			s.failed = true
			if err := s.printer.to.Flush(); err != nil { // a terminal shows both
				return err
			}
			return s.printer.fault(s.cmd.ErrOrStderr(), input.Text, input.Tokens(), where(n), open.Diagnose(err))
		}
		for _, r := range results {
			s.failed = s.failed || r.Differs()
			if err := s.printer.result(input, r); err != nil {
				return err
			}
		}
		return nil
	})
	return cmp.Or(err, s.printer.to.Flush())
}

// firstError of a list that has one.
func firstError(faults diag.List) *diag.Diagnostic {
	for _, d := range faults {
		if d.Severity != diag.Warning {
			return d
		}
	}
	return nil
}
