package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rasp/gpu"
	"rasp/gpu/gputest"
)

// The scripts of testdata/script run this binary as rasp:
//
//	rasp ARGS         expects exit status 0
//	exits 2 ARGS...   runs the command ARGS and expects that exit status
//
// The condition cuda is whether rasp has CUDA in it; with fakecuda, $FAKECUDA is the
// folder of a driver on which it works. $MEASURE is gpu/measure.py.
//
// UPDATE=1 go test rewrites the files that a script compares with.

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rasp": main})
}

func TestScripts(t *testing.T) {
	var driver string
	_, gcc := exec.LookPath("gcc")
	if withCUDA && gcc == nil {
		driver = gputest.Driver(t)
	}
	testscript.Run(t, testscript.Params{
		Setup: func(e *testscript.Env) error {
			e.Setenv("FAKECUDA", driver)
			measure, err := filepath.Abs("../../gpu/measure.py")
			e.Setenv("MEASURE", measure)
			return err
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "cuda":
				return withCUDA, nil
			case "fakecuda":
				return driver != "", nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Dir:                "testdata/script",
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		UpdateScripts:      os.Getenv("UPDATE") != "",
		RequireUniqueNames: true,
	})
}

// withCUDA is false for a program that was built without.
var withCUDA = func() bool {
	d, err := gpu.Open()
	if err == nil {
		d.Close()
	}
	return !errors.Is(err, gpu.ErrNotBuilt)
}()

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, expected %d", got, want)
	}
}
