package rules

// Habits: names of other languages, of the paper and of other interpreters, and what RASP
// has instead.

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
	"int": "write round(x)", "float": "write x * 1.0", "str": "strings are not made from numbers: look one up in a dict, {1: \"one\"}[x]",
	"bool": "write x == 1", "list": "a list is written [a, b]", "dict": "a dict is written {key: value}", "tuple": "a list is written [a, b]",
	"pow": "write a ^ b", "sqrt": "write x ^ 0.5", "exp": "write 2.718281828459045 ^ x", "log": "look it up in a dict: {1: 0.0, 2: 0.6931, ..}[x]", "mod": "write a % b",
	"any": "write contains(x, True), or has_focus(selector)", "all": "write not contains(x, False)",
	"where": "write a if condition else b", "ite": "write a if condition else b",
	"map": "what is written of an s-op is done at each position: f(x)", "seq_map": "what is written of two s-ops is done at each position: f(x, y)",
	"filter": "write select(x, value, ==), and aggregate what it selects", "enumerate": "indices has the positions",
	"reversed": "write aggregate(select(indices, length - 1 - indices, ==), x)", "reverse": "write aggregate(select(indices, length - 1 - indices, ==), x)",
	"append": "lists are joined by +: l + [x]", "push": "lists are joined by +: l + [x]",
	"lambda": "write def name(a) { return ..; }", "this": "functions stand alone",
	"index": "the positions are indices", "idx": "the positions are indices", "position": "the positions are indices", "positions": "the positions are indices", "pos": "the positions are indices",
	"tok": "the input is tokens", "input": "the input is tokens", "text": "the input is tokens", "n": "the number of tokens is length",

	// of the paper (Weiss et al. 2021) and of other interpreters
	"has_prev": "write has_focus(select(x, x, ==) and select(indices, indices, <))",
	"hist":     "write selector_width(select(x, x, ==))", "histf": "write selector_width(select(x, x, ==))", "hist_bos": "write selector_width(select(x, x, ==))", "hist_nobos": "write selector_width(select(x, x, ==))",
	"assume_bos": "BOS is there already and no position of the input: leave it out", "sel_width": "write selector_width(selector)", "width": "write selector_width(selector)",
	"length_of": "write length", "select_all": "write full_s", "select_prev": "write select(indices, indices - 1, ==)", "shift_right": "write shift(x, 1, default)", "kqv": "write aggregate(select(k, q, ==), v)",
	"sel": "write select(keys, queries, ==)", "agg": "write aggregate(selector, values)", "identity": "the name of the s-op alone is it",
}

// Callable are the words of the language that are written like functions.
var Callable = []string{"select", "aggregate", "range", "zip", "len", "lookup", "round", "indicator"}
