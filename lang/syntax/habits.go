package syntax

// Words and signs of other languages, and what RASP has for them.

// What several words get.
const (
	noIf       = "there is no if statement: write x = a if c else b;"
	noWhile    = "there is no while loop: write for i in range(n) { ... }"
	noType     = "variables have no type: write x = ...;"
	noKeyword  = "variables need no keyword: write x = ...;"
	noJump     = "a loop runs over its whole list; to choose a value write x = a if c else b;"
	noFunction = "functions are written def name(a, b) { return ...; }"
	noClass    = "there are no classes: functions are written def name(a, b) { return ...; }"
	noFault    = "there are no exceptions: a program has a value or a fault"
	noImport   = `programs are included by load "name";`
	noPrint    = "an output is a name: write x = ...; and rasp run shows it"
	noScope    = "a function sees the names around it and binds none of them: leave this out"
)

// noStatement says what RASP has for the statements of other languages, by
// their first word.
var noStatement = map[string]string{
	"if": noIf, "else": noIf, "elif": noIf, "switch": noIf, "match": noIf, "case": noIf,
	"while": noWhile, "do": noWhile, "foreach": noWhile,
	"break": noJump, "continue": noJump, "goto": noJump,
	"import": noImport, "from": noImport, "include": noImport, "require": noImport, "use": noImport, "using": noImport,
	"function": noFunction, "func": noFunction, "fn": noFunction, "void": noFunction, "async": noFunction,
	"let": noKeyword, "var": noKeyword, "const": noKeyword,
	"int": noType, "float": noType, "double": noType, "string": noType, "char": noType, "bool": noType,
	"long": noType, "unsigned": noType, "auto": noType, "seq": noType, "sop": noType,
	"print": noPrint, "printf": noPrint, "echo": noPrint,
	"assert": "there is no assert: #rasp:inputs says which inputs there are",
	"class":  noClass, "struct": noClass, "enum": noClass,
	"try": noFault, "raise": noFault, "throw": noFault, "except": noFault,
	"with": "nothing is opened and closed: write x = ...;",
	"del":  "names stay: use another one", "global": noScope, "nonlocal": noScope,
	"yield": "a function has one result: return ...;",
}

// noOperator says what RASP has for words that stand between two operands, or before one, in
// other languages.
var noOperator = map[string]string{
	"lambda": noFunction,
	"is":     "write a == b, or not (a == b)",
	"eq":     "write a == b",
	"xor":    "write a == not b",
	"mod":    "write a % b",
	"div":    "write round((a - a % b) / b)",
	"then":   "write x = a if c else b;",
	"elif":   "write a if c else (b if d else e)",
	"elseif": "write a if c else (b if d else e)",
	"new":    noClass,
}

// digraphs are operators of other languages that RASP reads as two tokens.
var digraphs = map[string]string{
	"**": "the power is ^",
	"//": "/ divides and gives a float; the whole part is round((a - a % b) / b)",
	"/*": "comments start with # and end with the line",
	"<<": "there are no shifts of bits: write x * 2^n",
	">>": "there are no shifts of bits: write round((x - x % 2^n) / 2^n)",
	"=>": "write >=",
	"=<": "write <=",
	"<>": "write not (a == b)",
	"->": "a function has no type, and ends with return ...;",
	"+=": "write x = x + ...;",
	"-=": "write x = x - ...;",
	"*=": "write x = x * ...;",
	"/=": "write x = x / ...;",
	":=": "write x = ...;",
}
