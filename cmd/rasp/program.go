package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/graph"
	"rasp/lang/spell"
	"rasp/lang/value"
	"rasp/runtime/model"
	"rasp/stdlib"
)

// A FILE argument names a model, a program or, if there is no such file, one of
// the ready-made programs.

const (
	programSuffix = ".rasp"
	modelSuffix   = ".safetensors"
)

// isModel tells models from programs: by the name, or by the beginning of the
// content. A pipe can be read once only, so it holds a program.
func isModel(file string) bool {
	switch filepath.Ext(file) {
	case modelSuffix:
		return true
	case programSuffix:
		return false
	}
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	var start [9]byte // the length of the header, then the header, an object
	_, err = io.ReadFull(f, start[:])
	const longestHeader = 1 << 32 // text has no bytes 0
	return err == nil && start[8] == '{' && binary.LittleEndian.Uint64(start[:8]) < longestHeader
}

// loadProgram reads the program that file names and prints its warnings. The
// error is a diag.List.
func loadProgram(cmd *cobra.Command, file string) (*lang.Program, error) {
	program, faults := parseProgram(file)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	printFaults(cmd.ErrOrStderr(), faults)
	return program, nil
}

func parseProgram(file string) (*lang.Program, diag.List) {
	if exists(file) {
		if isModel(file) {
			return nil, diag.List{notAProgram(file)}
		}
		return lang.Load(file)
	}
	if text, ok := readyMade(file); ok {
		return lang.Parse("stdlib/"+file+programSuffix, text)
	}
	hint := didYouMean("", spell.Nearest(strings.TrimSuffix(file, programSuffix), readyNames()))
	switch {
	case file == "-":
		hint = "stdin is /dev/stdin"
	case hint == "":
		hint = "rasp list shows the ready-made programs"
	}
	return nil, diag.List{faultf(diag.Undefined, hint, "could not find file: %s", file)}
}

// notAProgram is the fault of a file that is a model.
func notAProgram(file string) *diag.Diagnostic {
	return faultf(diag.Type, "rasp info describes a model, rasp run runs it", "%s is a compiled model, not a program", file)
}

// loadModel reads a model file.
func loadModel(file string) (*model.Model, error) {
	if !isModel(file) {
		if info, err := os.Stat(file); err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0 {
			return nil, faultf(diag.Type, "", "%s: a model is read from a file, and this is none", file)
		}
		if _, ok := readyMade(file); ok || exists(file) {
			return nil, faultf(diag.Type, fmt.Sprintf("compile it first: rasp compile %s -o MODEL%s", file, modelSuffix),
				"%s is not a compiled model", file)
		}
	}
	if !exists(file) {
		return nil, faultf(diag.Undefined, "rasp compile makes a model of a program", "could not find file: %s", file)
	}
	return model.Load(file)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// libraryName is the file of stdlib that is not a program.
const libraryName = "library"

func readyMade(name string) (text string, ok bool) {
	content, err := stdlib.FS.ReadFile(name + programSuffix)
	return string(content), err == nil && name != libraryName
}

// readyNames of the ready-made programs, in alphabetical order.
func readyNames() []string {
	files, err := stdlib.FS.ReadDir(".")
	if err != nil {
		return nil
	}
	var names []string
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), programSuffix); name != libraryName {
			names = append(names, name)
		}
	}
	return names
}

// outputsOf a program: those named on the command line or, if none are, what the
// program says. A prediction is over vocab.
func outputsOf(program *lang.Program, names []string, vocab []value.Value) ([]graph.Output, error) {
	outputs, fault := program.Outputs(names, vocab)
	if fault == nil {
		return outputs, nil
	}
	if len(names) == 0 && fault.Span.Source == nil {
		fault.Span.Source = program.File.Source
	}
	return nil, fault
}
