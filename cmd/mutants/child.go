package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"rasp/cmd/mutants/mutant"
	"rasp/compiler"
	"rasp/compiler/prove"
	"rasp/compiler/verify"
	"rasp/lang/diag"
	"rasp/lang/domain"
	engine "rasp/runtime"
	"rasp/runtime/model"
)

// A child is the woven compiler as one mutant. It compiles the programs until something
// notices, and says what.

// Compiled is what the compiler as it is makes of a program.
type Compiled struct {
	Name    string
	Refused string        // why there is no model
	Sum     string        // of the model file
	Verdict prove.Verdict // of the proof, with -proofs
	Time    time.Duration
	Reached []bool // functions
}

// Found is what became of a mutant.
type Found struct {
	Notice  string // by what it was noticed; none if by nothing
	Program string // on which
	Says    string
	Differ  int    // programs with another model, or another refusal
	Wrong   string // a program of which a wrong model came out, by 100 inputs
	Input   string
	Ran     int // programs that reach the function that is changed
}

// Who notices.
const (
	byFacts       = "facts"
	byCertificate = "certificate"
	byLastPass    = "last pass"
	byProof       = "proof"
	byTests       = "unit tests"
	byCrash       = "crash"
	byTimeout     = "timeout"
)

// mostMemory is what a child may take for all programs, in bytes.
const mostMemory = 3 << 30

// survey compiles all programs with the compiler as it is.
func survey(list []program, functions int) (all []Compiled) {
	for _, p := range list {
		mutant.Reset(functions)
		start := time.Now()
		m, text, err := compile(p)
		c := Compiled{Name: p.Name, Time: time.Since(start), Reached: mutant.Reached}
		if err != nil {
			c.Refused = err.Error()
		} else {
			c.Sum = sum(text)
			if *proofs {
				c.Verdict, _ = proof(m)
			}
		}
		all = append(all, c)
	}
	return all
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// compile gives the model and its file.
func compile(p program) (*model.Model, []byte, error) {
	m, _, err := compiler.Compile(p.outputs, p.domain, compiler.Options{Level: 1, Partial: true, Source: p.Text,
		Engine: func(m *model.Model) verify.Engine { return engine.NewSession(m) }})
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	err = m.Write(&b)
	return m, b.Bytes(), err
}

// attempt runs the mutant on the programs that reach the changed function, first on those
// that take little time.
func attempt(list []program, known []Compiled, function int) Found {
	f := Found{}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(known[i].Time, known[j].Time) })
	for _, i := range order {
		p := list[i]
		if !known[i].Reached[function] {
			continue
		}
		f.Ran++
		f.try(p, known[i])
		if f.Notice != "" {
			f.Program = p.Name
			break
		}
	}
	return f
}

// try compiles a program, and tells what is noticed.
func (f *Found) try(p program, known Compiled) {
	defer func() {
		if fault := recover(); fault != nil {
			f.Notice, f.Says = byCrash, fmt.Sprint(fault)
		}
	}()
	stop := watch(func(notice string) {
		f.Notice, f.Program = notice, p.Name
		f.write()
		os.Exit(0)
	})
	defer stop()
	m, text, err := compile(p)
	if err != nil {
		if err.Error() != known.Refused {
			f.Differ++
			f.Notice, f.Says = whoRefused(err, known)
		}
		return
	}
	if sum(text) == known.Sum {
		return
	}
	f.Differ++
	if *proofs {
		if verdict, says := proof(m); lost(known.Verdict, verdict) {
			f.Notice, f.Says = byProof, string(verdict)+": "+says
			return
		}
	}
	if input := beside(m, p); input != "" && f.Wrong == "" {
		f.Wrong, f.Input = p.Name, input
	}
}

// whoRefused tells from an error of the compiler who noticed; nobody, if it is a limit of
// which the program is told.
func whoRefused(err error, known Compiled) (notice, says string) {
	says = err.Error()
	var list diag.List
	internal := errors.As(err, &list) && len(list) > 0 && list[0].Kind == diag.Internal
	switch {
	case internal && strings.Contains(says, "a fact that the compiler found does not hold"):
		return byFacts, says
	case internal && strings.Contains(says, "came out wrong"):
		return byLastPass, says
	case internal:
		return byCrash, says
	case known.Refused == "" && (strings.Contains(says, "float32 cannot separate") || strings.Contains(says, "right to within")):
		return byCertificate, says
	}
	return "", ""
}

// besideInputs is on how many inputs a model that is another one runs beside the
// interpreter.
const besideInputs = 100

// beside gives an input on which the model is not the program, none if there is none.
func beside(m *model.Model, p program) (input string) {
	c, err := verify.NewComparer(m, p.outputs, engine.NewSession(m))
	if err != nil {
		return err.Error()
	}
	count, _ := p.domain.Count()
	first := min(count, besideInputs/2)
	tried := domain.Inputs{Domain: p.domain, First: first, Random: besideInputs - first, Seed: 77}
	batch := make([][]int, tried.Len())
	for k := range batch {
		batch[k] = tried.IDs(k, nil)
	}
	err = c.Compare(batch, func(k int, pairs []verify.Pair, fault error) error {
		if fault == nil && verify.Wrong(pairs) >= 0 && input == "" {
			input = domain.Text(p.domain.Values(batch[k], nil))
		}
		return nil
	})
	if err != nil {
		return err.Error()
	}
	return input
}

// watch ends the child if a program takes too long or too much memory.
func watch(end func(notice string)) (stop func()) {
	done := make(chan struct{})
	go func() {
		late := time.After(*patience)
		for {
			select {
			case <-done:
				return
			case <-late:
				end(byTimeout)
			case <-time.After(100 * time.Millisecond):
				var m runtime.MemStats
				if runtime.ReadMemStats(&m); m.HeapAlloc > mostMemory {
					end(byTimeout)
				}
			}
		}
	}()
	return func() { close(done) }
}

func (f *Found) write() { json.NewEncoder(os.Stdout).Encode(f) }
