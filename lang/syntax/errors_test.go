package syntax

import (
	"fmt"
	"testing"

	"rasp/lang/diag"
)

// Every row is a text, the statements that are kept, and the faults: line,
// column, message and, after a bar, the hint.
var faulty = []struct {
	text, kept string
	faults     []string
}{
	{"x = 1,;\n", "", []string{`1:6 comma before ";" | remove the comma, or add what should follow it`}},
	{"f(1,);", "", []string{`1:4 comma before ")" | remove the comma, or add what should follow it`}},
	{"[1,\n2,\n];", "", []string{`2:2 comma before "]" | remove the comma, or add what should follow it`}},
	{"a=b=3;", "", []string{`1:4 expected an operator or ";", found "=" | one assignment a statement: write b = 3; a = b; - to compare write ==`}},
	{"x = 1.;", "", []string{`1:5 "1." is not a number | digits stand on both sides of the point: 1.0`}},
	{"x=.5;", "", []string{`1:3 ".5" is not a number | digits stand on both sides of the point: 0.5`}},
	{"x=1e5;", "", []string{`1:3 "1e5" is not a number | numbers have no exponent: write 100000 or 10^5`}},
	{"x = 12abc;", "", []string{`1:5 "12abc" is not a number | a number is digits, or digits with one point between; a name starts with a letter or _`}},
	{"x = 'abc';", "", []string{`1:5 string in single quotes | use double quotes: "abc"`}},
	{"x = 'abc;", "", []string{`1:5 "'" is not a RASP character | strings stand in double quotes: "abc"`}},
	{"a != b;", "", []string{`1:3 expected an operator or ";", found "!=" | write not (a == b); != stands only in select(a, b, !=)`}},
	{"def f(x) { return x; };\ny;", "def f(x) { return x;} y;", []string{`1:23 expected a statement, found ";" | no semicolon follows the } of a def or for`}},
	{"x = 1;;", "x = 1;", []string{`1:7 expected a statement, found ";" | remove the semicolon`}},
	{"x = 1\n", "x = 1;", []string{`1:6 expected ";" at the end of the statement, found the end of the text | statements end with a semicolon`}},
	{"x = 1 y = 2;", "x = 1; y = 2;", []string{`1:6 expected ";" at the end of the statement, found the name y | statements end with a semicolon`}},
	{"x = a b;\nz=1 2;", "", []string{
		`1:7 expected an operator or ";", found the name b`,
		`2:5 expected an operator or ";", found the number 2`,
	}},
	{"x = (1+2;\ny = 3;", "y = 3;", []string{`1:9 expected ")", found ";" | the "(" on line 1 is not closed`}},
	{"x = f(1, 2\ny = 3;\nz = [1;", "y = 3;", []string{
		`1:11 expected "," or ")", found the name y | the "(" on line 1 is not closed`,
		`3:7 expected "," or "]", found ";" | the "[" on line 3 is not closed`,
	}},
	{"x = (1,2);", "", []string{`1:7 expected ")", found "," | a list is written [a, b]`}},
	{"a, b;", "", []string{`1:5 expected "," or "=", found ";"`}},
	{"f(x)=3;", "", []string{`1:5 expected an operator or ";", found "=" | functions are written def name(a, b) { return ...; }`}},
	{"a[0] = 3;", "", []string{`1:6 expected an operator or ";", found "=" | only names can be assigned; to compare write ==`}},
	{"on = 3;", "", []string{`1:1 expected a statement, found "on" | on is a keyword and cannot be a name`}},
	{"x = on;", "", []string{`1:5 expected an expression after "=", found "on" | on is a keyword and cannot be a name`}},
	{"if x { y = 1; }\nz = ;", "", []string{
		`1:1 expected a statement, found "if" | there is no if statement: write x = a if c else b;`,
		`2:5 expected an expression after "=", found ";"`,
	}},
	{"while x {\n y = 1;\n}\nz=;", "", []string{
		`1:7 expected an operator or ";", found the name x | there is no while loop: write for i in range(n) { ... }`,
		`4:3 expected an expression after "=", found ";"`,
	}},
	{"for x in l: y;", "", []string{`1:11 expected "{", found ":" | a body stands between { and }`}},
	{"for x in l { }", "for x in l {}", []string{"1:12 the body of the loop is empty | a loop has at least one statement or comment between { and }"}},
	{"for x in { y = 1; }", "", []string{
		`1:14 expected ":", found "=" | a dict is written {key: value}`,
		`1:19 expected a statement, found "}" | this "}" closes nothing`,
	}},
	{"def f(x) { y = x; }", "", []string{`1:19 expected "return", found "}" | the last statement of a function is return ...;`}},
	{"def f(x) { return x; y = 1; return y; }", "def f(x) {y = 1; return y;}", []string{"1:12 return before the end of the function | return is the last statement; to choose a result write return a if c else b;"}},
	{"return 3;", "", []string{"1:1 return outside a function | return stands once in a def, as its last statement"}},
	{"for x in l { return x; }", "for x in l {}", []string{"1:14 return outside a function | return stands once in a def, as its last statement"}},
	{"def f(x) {\n y = (1;\n z = 1 +;\n return y\n}\nq = )3;", "def f(x) { return y;}", []string{
		`2:8 expected ")", found ";" | the "(" on line 2 is not closed`,
		`3:9 expected an expression after "+", found ";"`,
		`4:10 expected ";" at the end of the statement, found "}" | statements end with a semicolon`,
		`6:5 expected an expression after "=", found ")"`,
	}},
	{"def f(x) { return x;\ny = 3;\ndef g(x) { return x; }", "def f(x) { return x;} y = 3; def g(x) { return x;}", []string{`1:10 the body of this def is never closed: expected "}" | each { needs its }`}},
	{"def f(x y) { z = ; return 1; }", "", []string{
		`1:9 expected "," or ")", found the name y`,
		`1:18 expected an expression after "=", found ";"`,
	}},
	{"def f(x=1) { return 1; }", "", []string{`1:8 expected "," or ")", found "=" | parameters have no default values`}},
	{"f(x=1);", "", []string{`1:4 expected "," or ")", found "=" | arguments have no names; to compare write ==`}},
	{"x = s-op;", "", []string{`1:5 expected an expression after "=", found "s-op" | s-op is one token: write s - op for a difference`}},
	{"x = s-options;", "", []string{`1:5 expected an expression after "=", found "s-op" | s-op is one token: write s - op for a difference`}},
	{`set example "a";`, `<set||false|"a">`, []string{`1:16 found ";" after a console command | commands take no semicolon`}},
	{"show;", "", []string{`1:5 expected "example", found ";"`}},
	{"s-op on;", "", []string{`1:6 expected "examples", found "on"`}},
	{"examples maybe\nx=1;", "x = 1;", []string{`1:10 expected "on" or "off", found the name maybe`}},
	{"full seq display\n", "", []string{`1:17 expected "on" or "off", found the end of the text`}},
	{"exit;", "<exit||false|nil>", []string{`1:5 found ";" after a console command | commands take no semicolon`}},
	{"x = a if b;", "", []string{`1:11 expected "else", found ";" | a ternary is written a if c else b`}},
	{"[x for x in l if x];", "", []string{`1:19 expected "else", found "]" | a comprehension has no condition, and a ternary needs its else`}},
	{"(x for x in l);", "", []string{`1:4 expected ")", found "for" | a comprehension stands in [ ] or { }`}},
	{"[x for x in l for y in m];", "", []string{`1:15 expected "]", found "for" | a comprehension has one for`}},
	{"{1, 2};", "", []string{`1:3 expected ":", found "," | a dict is written {key: value}; a list [a, b]`}},
	{"{1: 2, 3};", "", []string{`1:9 expected ":", found "}"`}},
	{"a[1:2];", "", []string{`1:4 expected "]", found ":" | there are no slices: write [a[i] for i in range(start, stop)]`}},
	{"select(a,b);", "", []string{`1:11 expected ",", found ")" | write select(keys, queries, ==), or with !=, <, <=, > or >=`}},
	{"select(a, b, c);", "", []string{`1:14 expected "==", "!=", "<", "<=", ">" or ">=", found the name c | write select(keys, queries, ==), or with !=, <, <=, > or >=`}},
	{"select (a, b, ==);", "", []string{`1:15 expected an expression after ",", found "==" | write select( without a blank before the parenthesis`}},
	{"select(a,b,==", "", []string{`1:14 expected an expression after "==", found the end of the text | the "select(" on line 1 is not closed`}},
	{"aggregate(s);", "", []string{`1:12 expected ",", found ")" | write aggregate(selector, values), or aggregate(selector, values, default)`}},
	{"x += 1;", "", []string{`1:4 expected an expression after "+", found "=" | write x = x + ...;`}},
	{"x++;", "", []string{`1:4 expected an expression after "+", found ";" | write x = x + 1;`}},
	{"a ** b;", "", []string{`1:4 expected an expression after "*", found "*" | the power is ^`}},
	{"a // b;", "", []string{`1:4 expected an expression after "/", found "/" | / divides and gives a float; the whole part is round((a - a % b) / b)`}},
	{"a => b;", "", []string{`1:4 expected an expression after "=", found ">" | write >=`}},
	{"a <> b;", "", []string{`1:4 expected an expression after "<", found ">" | write not (a == b)`}},
	{"x = \"abc;\ny = 2;", "y = 2;", []string{`1:5 string without its closing quote | a string ends with " on the line where it starts`}},
	{"x = naïve;", "", []string{`1:5 "naïve" is not a name | names are of the letters a-z and A-Z, digits and _`}},
	{"x = a & b;", "", []string{`1:7 "&" is not a RASP character | write and`}},
	{"x = !a;", "", []string{`1:5 "!" is not a RASP character | write not`}},
	{"x = a.count(1);", "", []string{`1:6 "." is not a RASP character | there are no methods and no modules: functions stand alone, as in f(x)`}},
	{"x = a.b;", "", []string{`1:6 "." is not a RASP character | there are no methods and no modules: functions stand alone, as in f(x)`}},
	{"x = “abc”;", "", []string{
		`1:5 "“" is not a RASP character | strings stand in double quotes: "abc"`,
		`1:9 "”" is not a RASP character | strings stand in double quotes: "abc"`,
	}},
	{"x = 1 − 2;", "", []string{`1:7 "−" is not a RASP character | write -`}},
	{"draw x;", "", []string{`1:6 expected "(", found the name x`}},
	{"y = draw(x);", "", []string{`1:5 expected an expression after "=", found "draw" | draw is a statement: give the s-op a name and write draw(name);`}},
	{"load lib;", "", []string{`1:6 expected a file name in double quotes, found the name lib | write load "lib";`}},
	{"def (x) { return 1; }", "", []string{`1:5 expected the function's name, found "("`}},
	{"def f { return 1; }", "", []string{`1:7 expected "(", found "{"`}},
	{"def f(x)\nreturn x;", "", []string{`1:9 expected "{", found "return" | a body stands between { and }`}},
	{"def f(x):\n  return x;\ny;", "y;", []string{`1:9 expected "{", found ":" | a body stands between { and }`}},
	{"def f(x)\n  return x;\n}\ny;\n}", "y;", []string{
		`1:9 expected "{", found "return" | a body stands between { and }`,
		`5:1 expected a statement, found "}" | this "}" closes nothing`,
	}},
	{"def f(x) {\nif x {\nx = 1;\n} else {\nx = 2;\n}\nreturn x; }\ny;", "def f(x) { return x;} y;", []string{
		`2:1 expected a statement, found "if" | there is no if statement: write x = a if c else b;`,
	}},
	{"x = {1: 2} if {3: 4} else {5: 6};", "x = ({1: 2} if {3: 4} else {5: 6});", nil},
	{"x = \"a\nb\";\ny = 1;", "y = 1;", []string{
		`1:5 string without its closing quote | a string ends with " on the line where it starts`,
		`2:2 string without its closing quote | a string ends with " on the line where it starts`,
	}},
	{"def f(s) { return s.x; }", "", []string{`1:20 "." is not a RASP character | there are no methods and no modules: functions stand alone, as in f(x)`}},
	{"}\nx=1;", "x = 1;", []string{`1:1 expected a statement, found "}" | this "}" closes nothing`}},
	{"x = 1 };\ny = ;", "x = 1;", []string{
		`1:6 expected ";" at the end of the statement, found "}" | statements end with a semicolon`,
		`2:5 expected an expression after "=", found ";"`,
	}},
	{"x = )\n", "", []string{`1:5 expected an expression after "=", found ")"`}},
	{"\x00x = 1;", "", []string{"1:1 NUL byte | a program is plain text"}},
	{"x = \"\xff\";", "x = \"\xff\";", []string{"1:6 byte 0xff is not UTF-8 | save the file as UTF-8"}},
	{"x = {1:2\ny = 3;", "y = 3;", []string{`1:9 expected "," or "}", found the name y | the "{" on line 1 is not closed`}},
	{"x =", "", []string{`1:4 expected an expression after "=", found the end of the text`}},
	{"x = 1 +\ny = 2;", "y = 2;", []string{`1:8 expected an expression after "+", found the name y`}},
	{"def f(x) {", "", []string{`1:10 the body of this def is never closed: expected "}" | each { needs its }`}},
	{"for x in l { y = 1;", "for x in l {y = 1;}", []string{`1:12 the body of this for is never closed: expected "}" | each { needs its }`}},
	{"x = 3\ndef f(a) { return a; }\nfoo(1)\nfoo(2);", "x = 3; def f(a) { return a;} foo(1); foo(2);", []string{
		`1:6 expected ";" at the end of the statement, found "def" | statements end with a semicolon`,
		`3:7 expected ";" at the end of the statement, found the name foo | statements end with a semicolon`,
	}},
	{"f(1)(2 3);", "", []string{`1:8 expected "," or ")", found the number 3`}},
	{"x = [1 2];", "", []string{`1:8 expected "," or "]", found the number 2`}},
	{"range();", "", []string{`1:7 expected an expression after "range(", found ")" | write range(stop), range(start, stop) or range(start, stop, step)`}},
	{"len(1,2);", "", []string{`1:6 expected ")", found "," | write len(list)`}},
	{"x = not;", "", []string{`1:8 expected an expression after "not", found ";"`}},
	{"round x;", "", []string{`1:7 expected "(", found the name x`}},
	{"x = - ;", "", []string{`1:7 expected an expression after "-", found ";"`}},
	{"def f(a,) { return a; }", "", []string{`1:8 comma before ")" | remove the comma, or add what should follow it`}},
	{"s = select(a, b, =);", "", []string{`1:16 comma before "=" | to compare write ==`}},
	{"a, = 3;", "", []string{`1:2 comma before "=" | remove the comma, or add what should follow it`}},
	{"for x, in l { x; }", "", []string{`1:6 comma before "in" | remove the comma, or add what should follow it`}},
	{"x = y z = 1;", "x = y; z = 1;", []string{`1:6 expected ";" at the end of the statement, found the name z | statements end with a semicolon`}},
	{"import foo;", "", []string{`1:8 expected an operator or ";", found the name foo | programs are included by load "name";`}},
	{"x = lambda y: 3;", "", []string{`1:12 expected an operator or ";", found the name y | functions are written def name(a, b) { return ...; }`}},
	{"x = 1 if 2 else;", "", []string{`1:16 expected an expression after "else", found ";"`}},
	{"else { x = 1; }", "", []string{
		`1:1 expected a statement, found "else" | there is no if statement: write x = a if c else b;`,
		`1:15 expected a statement, found "}" | this "}" closes nothing`,
	}},
	{"def f() { set example 3\n return 1; }", "def f() {<set||false|3> return 1;}", []string{`1:11 console command "set" inside a def | commands stand at the top level of a file or on the console`}},
	{`x = "a" "b";`, "", []string{`1:9 expected an operator or ";", found the string "b" | strings are joined by +`}},
	{"not = 3;", "", []string{`1:5 expected an expression after "not", found "=" | not is a keyword and cannot be a name`}},
	{"in = 4;", "", []string{`1:1 expected a statement, found "in" | in is a keyword and cannot be a name`}},
	{"x = 5\n\n\n# c\ny;", "x = 5; y;", []string{`1:6 expected ";" at the end of the statement, found the name y | statements end with a semicolon`}},
	{"x = 1e400.5;", "", []string{`1:5 "1e400.5" is not a number | numbers have no exponent: write 100000 or 10^5`}},
	{"x = 1..2;", "", []string{`1:5 "1..2" is not a number | a number is digits, or digits with one point between; a name starts with a letter or _`}},
	{"x = 1.5.2;", "", []string{`1:5 "1.5.2" is not a number | a number is digits, or digits with one point between; a name starts with a letter or _`}},
	{"x = 1e+5;", "", []string{`1:5 "1e+5" is not a number | numbers have no exponent: write 100000 or 10^5`}},
	{"x = -;y = (;z = 2;\n", "z = 2;", []string{
		`1:6 expected an expression after "-", found ";"`,
		`1:12 expected an expression after "(", found ";" | the "(" on line 1 is not closed`,
	}},
	{"x = @@@@ 1;", "", []string{`1:5 "@" is not a RASP character`}},
	{"x = a\u00a0+ b;", "", []string{`1:6 "\u00a0" is not a RASP character | write a plain blank`}},
	{"examples = 3;", "", []string{`1:10 expected "on" or "off", found "=" | examples is a keyword and cannot be a name`}},
	{"x = (1 +\n  2;\nfoo(3);\nbar(4", "foo(3);", []string{
		`2:4 expected ")", found ";" | the "(" on line 1 is not closed`,
		`4:6 expected "," or ")", found the end of the text | the "(" on line 4 is not closed`,
	}},
	{"for x l { y; }", "", []string{`1:7 expected "," or "in", found the name l`}},
	{"for 1 in l { y; }", "", []string{"1:5 expected a name, found the number 1"}},
	{"def f(1) { return 1; }", "", []string{"1:7 expected a parameter's name, found the number 1"}},
	{"x = {1: 2 for};", "", []string{`1:14 expected a name, found "}"`}},
	{"x = [1 for a b];", "", []string{`1:14 expected "," or "in", found the name b`}},
	{"x = [a, b\n", "", []string{`1:10 expected "," or "]", found the end of the text | the "[" on line 1 is not closed`}},
	{`load "a" x;`, "", []string{`1:10 expected ";", found the name x`}},
	{"draw(a, b, c);", "", []string{`1:10 expected ")", found ","`}},
	{"draw();", "", []string{`1:6 expected an expression after "(", found ")"`}},
	{"aggregate(a, b, c, d);", "", []string{`1:18 expected ")", found "," | write aggregate(selector, values), or aggregate(selector, values, default)`}},
	{"select(a);", "", []string{`1:9 expected ",", found ")" | write select(keys, queries, ==), or with !=, <, <=, > or >=`}},
	{"indicator 3;", "", []string{`1:11 expected "(", found the number 3`}},
	{"show s-op examples\n", "", []string{`1:11 expected "example", found "examples"`}},
	{"x = 1 if 2 if 3;", "", []string{`1:16 expected "else", found ";" | a ternary is written a if c else b`}},
	{"{1: 2 3: 4};", "", []string{`1:7 expected "," or "}", found the number 3`}},
	{"f(;\ng(;\n", "", []string{
		`1:3 expected an expression after "(", found ";" | the "(" on line 1 is not closed`,
		`2:3 expected an expression after "(", found ";" | the "(" on line 2 is not closed`,
	}},
	{"def f() { return 1;\n\nx = 2;\n", "def f() { return 1;} x = 2;", []string{`1:9 the body of this def is never closed: expected "}" | each { needs its }`}},
	{"class A { x = 1; }\ny;", "y;", []string{`1:7 expected an operator or ";", found the name A | there are no classes: functions are written def name(a, b) { return ...; }`}},
	{"x = 1\n}\nfoo(y);", "x = 1; foo(y);", []string{`1:6 expected ";" at the end of the statement, found "}" | statements end with a semicolon`}},
	{"€ = 3;", "", []string{`1:1 "€" is not a RASP character`}},
	{"x = a\\b;", "", []string{`1:6 "\\" is not a RASP character`}},
}

func TestFaults(t *testing.T) {
	for _, row := range faulty {
		file, diags := Parse(diag.NewSource("test.rasp", row.text))
		equal(t, row.text, dumpStmts(file.Stmts), row.kept)
		equal(t, row.text, len(diags), len(row.faults))
		for i := range min(len(diags), len(row.faults)) {
			equal(t, row.text, describeFault(diags[i]), row.faults[i])
			equal(t, row.text, diags[i].Kind, diag.Syntax)
		}
	}
}

func describeFault(d *diag.Diagnostic) string {
	text := fmt.Sprintf("%d:%d %s", d.Span.Line(), d.Span.Col(), d.Message)
	if d.Hint != "" {
		text += " | " + d.Hint
	}
	return text
}
