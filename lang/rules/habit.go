package rules

// Habits: names of other languages, of the paper and of other interpreters, and what RASP
// has instead.

// What several names get.
const (
	noTypes  = "values have no types to write or ask for"
	noJump   = "a loop runs over its whole list; to choose a value write a if condition else b"
	noBOS    = "BOS is there already and no position of the input: leave it out"
	ternary  = "write a if condition else b"
	keyQuery = "write select(keys, queries, ==)"
	sumSoFar = "an aggregate is a mean: the sum so far is round(aggregate(select(indices, indices, <=), x) * (indices + 1))"
)

// habits says what to write for a name that RASP does not have.
var habits = map[string]string{
	"print": "an output is a name: write x = ..; and rasp run shows it", "puts": "an output is a name: write x = ..; and rasp run shows it",
	"None": "a condition has an else in RASP, and aggregate a default: nothing is None", "null": "a condition has an else in RASP, and aggregate a default: nothing is null",
	"nil": "a condition has an else in RASP, and aggregate a default: nothing is nil", "nan": "there is no literal for nan",
	"true": "write True", "false": "write False",
	"let": "variables need no keyword: write x = ..;", "var": "variables need no keyword: write x = ..;", "const": "variables need no keyword: write x = ..;",
	"import": "programs are included by load \"name\";", "function": "functions are written def name(a, b) { return ..; }",
	"sorted": "write sort(x, x)",

	"sum":    "an aggregate is a mean: the sum of all is round(average(x) * length), so far round(aggregate(select(indices, indices, <=), x) * (indices + 1))",
	"mean":   "write average(x), or aggregate(selector, x) over what is selected",
	"avg":    "write average(x), or aggregate(selector, x) over what is selected",
	"median": "sort(x, x) has it in the middle",
	"abs":    "write x if x > 0 else -x", "sign": "write 1 if x > 0 else (-1 if x < 0 else 0)",
	"floor": "write (x - x % 1) or, of a quotient of ints, (a - a % b) / b", "ceil": "write -((-x) - (-x) % 1)",
	"chr": "characters have no numbers: look one up in a dict, {97: \"a\"}[x]", "ord": "characters have no numbers: look one up in a dict, {\"a\": 97}[x]",
	"lower": "look it up in a dict: {\"A\": \"a\", ..}[x]", "upper": "look it up in a dict: {\"a\": \"A\", ..}[x]",
	"isinstance": noTypes, "type": noTypes, "double": noTypes, "char": noTypes, "long": noTypes, "void": noTypes, "auto": noTypes,
	"break": noJump, "continue": noJump, "pass": "leave it out: a body has the statements that it needs",
	"while": "there is no while loop: write for i in range(n) { .. }",
	"np":    "functions stand alone", "numpy": "functions stand alone", "torch": "functions stand alone", "math": "functions stand alone", "self": "functions stand alone",
	"size": "the number of tokens is length", "seq_len": "the number of tokens is length", "seqlen": "the number of tokens is length", "count_all": "the number of tokens is length",
	"argmax": "sort(indices, x) has it at the last position",
	"argmin": "sort(indices, x) has it at the first position",
	"cumsum": sumSoFar, "prefix_sum": sumSoFar, "cumulative_sum": sumSoFar,
	"first": "write aggregate(select(indices, 0, ==), x)", "last": "write aggregate(select(indices, length - 1, ==), x)",
	"prev": "write shift(x, 1, default)", "previous": "write shift(x, 1, default)", "following": "write shift(x, -1, default)",
	"int": "write round(x)", "float": "write x * 1.0", "str": "strings are not made from numbers: look one up in a dict, {1: \"one\"}[x]",
	"bool": "write x == 1", "list": "a list is written [a, b]", "dict": "a dict is written {key: value}", "tuple": "a list is written [a, b]",
	"pow": "write a ^ b", "sqrt": "write x ^ 0.5", "exp": "write 2.718281828459045 ^ x", "log": "look it up in a dict: {1: 0.0, 2: 0.6931, ..}[x]", "mod": "write a % b",
	"any": "write contains(x, True), or has_focus(selector)", "all": "write not contains(x, False)",
	"where": ternary, "ite": ternary, "cond": ternary, "where3": ternary, "elif": ternary,
	"map": "what is written of an s-op is done at each position: f(x)", "seq_map": "what is written of two s-ops is done at each position: f(x, y)",
	"filter": "write select(x, value, ==), and aggregate what it selects", "enumerate": "indices has the positions",
	"reversed": "write aggregate(select(indices, length - 1 - indices, ==), x)", "reverse": "write aggregate(select(indices, length - 1 - indices, ==), x)",
	"append": "lists are joined by +: l + [x]", "push": "lists are joined by +: l + [x]",
	"lambda": "write def name(a) { return ..; }", "this": "functions stand alone",
	"index": "the positions are indices", "i": "the positions are indices", "idx": "the positions are indices", "position": "the positions are indices", "positions": "the positions are indices", "pos": "the positions are indices",
	"tok": "the input is tokens", "input": "the input is tokens", "text": "the input is tokens", "n": "the number of tokens is length",

	// of the paper (Weiss et al. 2021) and of other interpreters
	"has_prev": "write has_focus(select(x, x, ==) and select(indices, indices, <))",
	"hist":     "write selector_width(select(x, x, ==))", "histf": "write selector_width(select(x, x, ==))", "hist_bos": "write selector_width(select(x, x, ==))", "hist_nobos": "write selector_width(select(x, x, ==))",
	"assume_bos": noBOS, "sel_width": "write selector_width(selector)", "width": "write selector_width(selector)",
	"has_seen": "write has_focus(select(x, x, ==) and select(indices, indices, <))",
	"Map":      "what is written of an s-op is done at each position: f(x)", "SequenceMap": "what is written of two s-ops is done at each position: f(x, y)", "LinearSequenceMap": "what is written of two s-ops is done at each position: a * x + b * y",
	"numerical": "it is known without being said: leave it out", "categorical": "it is known without being said: leave it out",
	"BOS": noBOS, "bos": noBOS, "bos_token": noBOS, "EOS": "an input ends with its last token, which stands at length - 1", "eos": "an input ends with its last token, which stands at length - 1",
	"flip": "write aggregate(select(indices, length - 1 - indices, ==), x)", "select_causal": "write select(keys, queries, ==) and select(indices, indices, <=), or #rasp:causal for all selectors",
	"key": keyQuery, "query": keyQuery, "score": keyQuery, "sel_eq": keyQuery, "index_select": "write aggregate(select(indices, i, ==), x)",
	"shift_left": "write shift(x, -1, default)", "induct": "rasp show induction has it",
	"length_of": "write length", "select_all": "write full_s", "select_prev": "write select(indices, indices - 1, ==)", "shift_right": "write shift(x, 1, default)", "kqv": "write aggregate(select(k, q, ==), v)",
	"sel": "write select(keys, queries, ==)", "agg": "write aggregate(selector, values)", "identity": "the name of the s-op alone is it",
}

// Callable are the words of the language that are written like functions.
var Callable = []string{"select", "aggregate", "range", "zip", "len", "lookup", "round", "indicator"}
