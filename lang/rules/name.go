package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/spell"
)

// Reserved is the fault of binding a name that belongs to the language.
func Reserved(name string) *Fault {
	return refuse(0, diag.Reserved, "%s is a reserved name", name).hint(AnotherName(name))
}

// Yields reports that a name of the library yields to what a program calls so: files for other
// interpreters, which do not have it, bring their own.
func Yields(name string) bool { return name == "latest" }

// AnotherName is the hint to call something else than name.
func AnotherName(name string) string {
	return fmt.Sprintf("choose another name, such as my_%s", name)
}

// Undefined is the fault of reading a name that nothing binds where these names are bound: it
// knows those that RASP has for others, and else the one that is written nearly so.
func Undefined(name string, bound []string) *Fault {
	f := refuse(0, diag.Undefined, "undefined variable %s", name)
	near := spell.Nearest(name, slices.Concat(bound, Callable))
	switch text, known := habits[name]; {
	case slices.Contains(Callable, name):
		return f.hint(fmt.Sprintf("no blank may stand before the parenthesis: %s(..)", name))
	case known:
		return f.hint(text)
	case slices.Contains(Callable, near):
		return f.hint(fmt.Sprintf("did you mean %s(..)?", near))
	case near != "":
		return f.hint(fmt.Sprintf("did you mean %s?", near))
	}
	return f
}

// NotRead is the fault of loading a file that cannot be read.
func NotRead(file string, err error) *Fault {
	if !errors.Is(err, fs.ErrNotExist) {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return refuse(0, diag.Undefined, "could not read %s: %s", file, err)
	}
	return refuse(0, diag.Undefined, "could not find file: %s", file).
		hint("paths start at the folder in which the program is run, and have no .rasp at the end")
}
