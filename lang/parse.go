package lang

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
	"rasp/runtime/text"
)

// Load reads, parses and elaborates a file. A file that cannot be read is a
// fault of kind undefined; the Program is nil then, and never otherwise.
func Load(path string) (*Program, diag.List) {
	text, err := readFile(path)
	if err != nil {
		return nil, diag.List{NotRead(path, err)}
	}
	return Parse(path, text)
}

// NotRead is the fault of a program that cannot be read.
func NotRead(path string, err error) *diag.Diagnostic {
	var file *fs.PathError
	if errors.As(err, &file) {
		err = file.Err
	}
	return diag.Errorf(diag.Span{}, diag.Undefined, "could not read %s: %s", path, err)
}

// Parse parses and elaborates a program. The Program has what could be
// elaborated even if the list, which has every fault that was found, is not
// empty. Files that the program loads are looked for in the working directory.
func Parse(name, text string) (*Program, diag.List) { return ParseWith(name, text, ReadFile) }

// ParseWith is Parse of a program whose loaded files come from read.
func ParseWith(name, text string, read elab.Reader) (*Program, diag.List) {
	return Parser{Read: read}.Parse(name, text)
}

// Parser says how programs are parsed.
type Parser struct {
	Read  elab.Reader // of files that they load
	Steps int         // that a statement may take; 0: as many as a command allows
	// Evaluated, if not nil, is told of each expression and bound name with its value.
	Evaluated func(x syntax.Expr, v elab.Value)
}

// Parse is the function of that name.
func (o Parser) Parse(name, text string) (*Program, diag.List) {
	file, faults := syntax.Parse(diag.NewSource(name, text))
	loaded := map[string]string{}
	session := elab.New(func(path string) (string, error) {
		text, err := o.Read(path)
		if err == nil {
			loaded[path] = text
		}
		return text, err
	})
	session.Evaluated = o.Evaluated
	if o.Steps > 0 {
		session.Limit(o.Steps)
	}
	results, faults := session.Run(file, faults)
	p := &Program{File: file, Graph: session.Graph(), Loaded: loaded, session: session, faults: faults}
	for _, b := range session.Bindings() {
		if n := nodeOf(b.Value); n != nil {
			p.Bindings = append(p.Bindings, graph.Output{Name: b.Name, Node: n, Span: b.Span})
		}
	}
	if len(p.Bindings) == 0 {
		p.Bindings = lastShown(results)
	}
	return p, faults
}

// lastShown binds the last result that shows an s-op or a selector to "out".
func lastShown(results []elab.Result) []graph.Output {
	for _, r := range slices.Backward(results) {
		if n := nodeOf(r.Value); n != nil {
			return []graph.Output{{Name: "out", Node: n, Span: r.Span}}
		}
	}
	return nil
}

// nodeOf is the node that a result shows: an s-op or selector, or the one that
// is applied to an input. It is nil for other results.
func nodeOf(v elab.Value) *graph.Node {
	switch v := v.(type) {
	case elab.SOp:
		return v.Node
	case elab.Selector:
		return v.Node
	case *elab.Application:
		return v.Of
	}
	return nil
}

// longestText bounds a program, in bytes: a file that does not end is none.
const longestText = 1 << 28

// ReadFile is the text of a file that a program loads, unpacked if it is one of gzip or
// Zstandard. What a program names is no pipe or terminal, for which it would wait.
func ReadFile(path string) (string, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return "", errors.New("not a regular file")
	}
	return readFile(path)
}

func readFile(path string) (string, error) {
	f, err := text.Open(path, nil)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return ReadText(f)
}

// ReadText is all of a program.
func ReadText(r io.Reader) (string, error) {
	content, err := io.ReadAll(io.LimitReader(r, longestText+1))
	if err == nil && len(content) > longestText {
		err = fmt.Errorf("it has more than %d bytes, no program has", longestText)
	}
	return string(content), err
}
