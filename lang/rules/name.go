package rules

import (
	"errors"
	"fmt"
	"io/fs"

	"rasp/lang/diag"
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

// Undefined is the fault of reading a name that nothing binds; near is the one that
// was likely meant, "" if none was.
func Undefined(name, near string) *Fault {
	f := refuse(0, diag.Undefined, "undefined variable %s", name)
	switch name {
	case "select", "aggregate", "range", "zip", "len":
		return f.hint(fmt.Sprintf("no blank may stand before the parenthesis: %s(..)", name))
	}
	if near != "" {
		f.hint(fmt.Sprintf("did you mean %s?", near))
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
