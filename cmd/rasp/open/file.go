package open

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/pattern"
	"rasp/runtime/model"
	"rasp/runtime/text"
	"rasp/stdlib"
)

// A FILE names a model, a program or, if there is no such file, one of
// the ready-made programs.

// The endings of names.
const (
	ProgramSuffix = ".rasp"
	ModelSuffix   = ".safetensors"
)

// IsModel tells models from programs: by the name, or by the beginning of the
// content. A pipe can be read once only, so it holds a program.
func IsModel(file string) bool {
	switch filepath.Ext(strings.TrimSuffix(file, ".gz")) {
	case ModelSuffix:
		return true
	case ProgramSuffix:
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

// Program reads the program that file names. It is nil if there is none; else it may
// have faults, which are in the list with the warnings.
func Program(file string) (*lang.Program, diag.List) {
	if Exists(file) {
		if IsModel(file) {
			return nil, diag.List{NotAProgram(file)}
		}
		if IsARPA(file) {
			return nil, diag.List{Faultf(diag.Type, "rasp ngram --arpa "+file+" -o FILE"+ProgramSuffix+" makes a program of it", "%s is an ARPA file, not a program", file)}
		}
		return lang.Load(file)
	}
	if text, ok := ReadyMade(file); ok {
		return lang.Parse("stdlib/"+file+ProgramSuffix, text)
	}
	hint := didYouMean(strings.TrimSuffix(file, ProgramSuffix), ReadyNames(), "rasp list shows the ready-made programs")
	if file == "-" {
		hint = "stdin is /dev/stdin"
	}
	return nil, diag.List{Faultf(diag.Undefined, hint, "could not find file: %s", file)}
}

// Text is that of a program, of the library, or of the program that a model was compiled from.
func Text(name string) (string, error) {
	if !Exists(name) {
		if text, ok := ReadyMade(name); ok {
			return text, nil
		}
		if text, err := stdlib.FS.ReadFile(name + ProgramSuffix); err == nil {
			return string(text), nil
		}
		_, faults := Program(name) // says why there is none
		return "", faults
	}
	if IsModel(name) {
		m, err := Model(name)
		if err != nil {
			return "", err
		}
		return m.Source, nil
	}
	text, err := lang.ReadFile(name)
	if err != nil {
		return "", lang.NotRead(name, err)
	}
	return text, nil
}

// NotAProgram is the fault of a file that is a model.
func NotAProgram(file string) *diag.Diagnostic {
	return Faultf(diag.Type, "rasp info describes a model, rasp run runs it", "%s is a compiled model, not a program", file)
}

// Model reads a model file.
func Model(file string) (*model.Model, error) {
	if info, err := os.Stat(file); err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0 {
		return nil, Faultf(diag.Type, "", "%s: a model is read from a file, and this is none", file)
	}
	if !IsModel(file) {
		if _, ok := ReadyMade(file); ok || Exists(file) {
			return nil, Faultf(diag.Type, fmt.Sprintf("compile it first: rasp compile %s -o MODEL%s", file, ModelSuffix),
				"%s is not a compiled model", file)
		}
	}
	if !Exists(file) {
		return nil, Faultf(diag.Undefined, "rasp compile makes a model of a program", "could not find file: %s", file)
	}
	m, err := model.Load(file)
	if from, unpacked := text.Open(file, nil); err != nil && unpacked == nil {
		defer from.Close()
		if from.Packed {
			return nil, Faultf(diag.Type, "unpack it first", "%s is packed, and a model is read as it is", file)
		}
	}
	return m, err
}

// Exists says that there is such a file, or no telling.
func Exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

// libraryName is the file of stdlib that is not a program.
const libraryName = "library"

// ReadyMade is the text of a ready-made program.
func ReadyMade(name string) (text string, ok bool) {
	content, err := stdlib.FS.ReadFile(name + ProgramSuffix)
	return string(content), err == nil && name != libraryName
}

// ReadyNames are those of the ready-made programs, in alphabetical order.
func ReadyNames() []string {
	files, err := stdlib.FS.ReadDir(".")
	if err != nil {
		return nil
	}
	var names []string
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), ProgramSuffix); name != libraryName {
			names = append(names, name)
		}
	}
	return names
}

// Title of a ready-made program is its first comment that is not a directive: the
// whole sentences of its first line, or all of it, and dots if the comment goes on.
func Title(name string) string {
	text, _ := ReadyMade(name)
	return TitleOf(text)
}

// TitleOf the text of a program is that too; "" if there is none.
func TitleOf(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		comment := commentOf(line)
		if comment == "" {
			continue
		}
		if ends := sentenceEnd().FindAllStringIndex(comment, -1); ends != nil {
			return strings.TrimSpace(comment[:ends[len(ends)-1][1]])
		}
		if i+1 < len(lines) && commentOf(lines[i+1]) != "" {
			comment += " ..."
		}
		return comment
	}
	return ""
}

// commentOf a line is its text, if it is a comment for people: no directive (#rasp:),
// example (#>) or size (#=).
func commentOf(line string) string {
	comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
	if !ok || strings.HasPrefix(comment, "rasp:") || strings.HasPrefix(comment, ">") || strings.HasPrefix(comment, "=") {
		return ""
	}
	return strings.TrimSpace(comment)
}

var sentenceEnd = pattern.Of(`[.?!]( |$)`)
