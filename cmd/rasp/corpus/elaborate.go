package corpus

import (
	"fmt"
	"strings"
	"sync"

	"rasp/lang"
	"rasp/lang/diag"
	"rasp/lang/elab"
	"rasp/lang/graph"
	"rasp/lang/syntax"
)

// elaborator makes graphs of sketches without their text, which takes longer to read than most
// programs take to run. Each text of an operation is a function that is read once, and a
// statement is a call of it. It is not safe for concurrent use.
type elaborator struct {
	session *elab.Session
	made    int // programs in the session
}

// mostMade is how many programs share a session, whose graph grows with each.
const mostMade = 1000

// outputs are those that the text of a sketch for a domain has, but for names and places;
// false if the program is faulty.
func (e *elaborator) outputs(s sketch) ([]graph.Output, bool) {
	if e.session == nil || e.made == mostMade {
		e.session, e.made = elab.New(lang.ReadFile), 0
		e.session.Run(functions().file, nil)
	}
	e.made++
	var last elab.Result
	for i := range s {
		var faults diag.List
		if last, faults = e.session.Exec(s.call(i)); faults.Err() != nil {
			e.session = nil // in which a name has no value now
			return nil, false
		}
	}
	of, ok := last.Bound[0].Value.(elab.SOp)
	if !ok {
		return nil, false
	}
	return []graph.Output{{Name: last.Bound[0].Name, Node: of.Node}}, true
}

// call is statement i as a call of the function of its text.
func (s sketch) call(i int) syntax.Stmt {
	call := &syntax.Call{Fun: functions().names[s[i].text]}
	for _, o := range s[i].operands {
		if o.statement >= 0 {
			call.Args = append(call.Args, &syntax.Ident{Name: name(o.statement)})
		} else {
			call.Args = append(call.Args, constant(o.text))
		}
	}
	return &syntax.Assign{Names: []*syntax.Ident{{Name: name(i)}}, Values: []syntax.Expr{call}}
}

// constants are the expressions of operands that are texts, by these: trees are immutable.
var constants sync.Map

// constant is the expression of an operand that is a text: a name, an int or a string.
func constant(text string) syntax.Expr {
	if known, ok := constants.Load(text); ok {
		return known.(syntax.Expr)
	}
	file := mustParse(text + ";")
	x := file.Stmts[0].(*syntax.ExprStmt).X
	constants.Store(text, x)
	return x
}

// functions define one for each text of an operation.
var functions = sync.OnceValue(func() (all struct {
	file  *syntax.File
	names map[string]*syntax.Ident
}) {
	all.names = map[string]*syntax.Ident{}
	var defs strings.Builder
	for _, o := range operations {
		for _, text := range o.texts {
			if all.names[text] != nil {
				continue
			}
			called := &syntax.Ident{Name: fmt.Sprintf("operation%d", len(all.names))}
			all.names[text] = called
			params := []string{"a", "b", "c"}[:len(o.operands)]
			fmt.Fprintf(&defs, "def %s(%s) { return %s; }\n", called.Name, strings.Join(params, ", "),
				strings.NewReplacer("$1", "a", "$2", "b", "$3", "c").Replace(text))
		}
	}
	all.file = mustParse(defs.String())
	return all
})

// mustParse panics at what the grammar has no fault for to be in.
func mustParse(text string) *syntax.File {
	file, faults := syntax.Parse(diag.NewSource("grammar", text))
	if err := faults.Err(); err != nil {
		panic(err)
	}
	return file
}
