/**
 * RASP for tree-sitter: the language of docs/language.md, as lang/syntax reads it.
 *
 * Levels of operators are those of lang/syntax/precedence.go, the kinds of nodes those of lang/syntax/ast.go;
 * the test of this folder holds both beside each other on every program of the repository.
 */

const level = { in: 1, ternary: 2, logic: 3, compare: 4, sum: 5, remainder: 6, product: 7, power: 8, prefix: 9, suffix: 10 };

const list = (item) => seq(item, repeat(seq(",", item)));

module.exports = grammar({
  name: "rasp",

  word: ($) => $.identifier,
  extras: ($) => [/[ \t\r\n\uFEFF]/, $.comment, $.directive, $.example],
  supertypes: ($) => [$._expression, $._statement],

  rules: {
    source_file: ($) => repeat($._statement),

    _statement: ($) =>
      choice($.assignment, $.expression_statement, $.function_definition, $.for_statement, $.load_statement, $.draw_statement, $.command),

    // x, y = 1, 2;
    assignment: ($) => seq($._names, "=", field("value", list($._expression)), ";"),
    _names: ($) => list(field("name", $.identifier)),
    expression_statement: ($) => seq($._expression, ";"),
    load_statement: ($) => seq("load", field("path", $.string), ";"),
    draw_statement: ($) => seq("draw", "(", $._expression, optional(seq(",", field("input", $._expression))), ")", ";"),

    function_definition: ($) =>
      seq("def", field("name", $.identifier), field("parameters", $.parameters), field("body", alias($.function_body, $.block))),
    parameters: ($) => seq("(", optional(list($.identifier)), ")"),
    function_body: ($) => seq("{", repeat($._statement), $.return_statement, "}"),
    return_statement: ($) => seq("return", list($._expression), ";"),

    for_statement: ($) => seq("for", $._names, "in", field("in", $._expression), field("body", $.block)),
    block: ($) => seq("{", repeat($._statement), "}"),

    // What a console understands; no semicolon.
    command: ($) =>
      choice(
        seq("set", optional($._target), "example", $._expression),
        seq("show", optional($._target), "example"),
        seq(optional($._target), "examples", choice("on", "off")),
        seq("full seq display", choice("on", "off")),
        "exit",
        "quit",
        "exit()",
        "quit()",
      ),
    _target: () => choice("s-op", "selector"),

    _expression: ($) =>
      choice(
        $.identifier,
        $.number,
        $.string,
        $.parenthesized,
        $.list,
        $.list_comprehension,
        $.dict,
        $.dict_comprehension,
        $.select,
        $.aggregate,
        $.builtin_call,
        $.call,
        $.index,
        $.unary,
        $.binary,
        $.conditional,
      ),

    parenthesized: ($) => seq("(", $._expression, ")"),
    list: ($) => seq("[", optional(list($._expression)), "]"),
    list_comprehension: ($) => seq("[", field("element", $._expression), $._comprehension, "]"),
    dict: ($) => seq("{", optional(list($.entry)), "}"),
    dict_comprehension: ($) => seq("{", field("element", $.entry), $._comprehension, "}"),
    entry: ($) => seq(field("key", $._expression), ":", field("value", $._expression)),
    _comprehension: ($) => seq("for", $._names, "in", field("in", $._expression)),

    // One token with its parenthesis, as in the paper's interpreter: select and len can be names.
    select: ($) => seq("select(", field("keys", $._expression), ",", field("queries", $._expression), ",", field("operator", $.comparison), ")"),
    comparison: () => choice("==", "!=", "<", "<=", ">", ">="),
    aggregate: ($) =>
      seq("aggregate(", field("selector", $._expression), ",", field("values", $._expression), optional(seq(",", field("default", $._expression))), ")"),
    builtin_call: ($) => choice(seq(choice("range(", "zip("), list($._expression), ")"), seq("len(", $._expression, ")")),

    call: ($) => prec(level.suffix, seq(field("function", $._expression), field("arguments", $.arguments))),
    arguments: ($) => seq("(", optional(list($._expression)), ")"),
    index: ($) => prec(level.suffix, seq(field("operand", $._expression), "[", field("index", $._expression), "]")),

    unary: ($) =>
      choice(
        prec(level.prefix, seq(field("operator", choice("not", "-", "+")), field("operand", $._expression))),
        seq(field("operator", choice("round", "indicator")), "(", field("operand", $._expression), ")"),
      ),
    binary: ($) =>
      choice(
        ...[
          [level.in, "in"],
          [level.logic, choice("and", "or")],
          [level.compare, choice("==", "<=", ">=", "<", ">")],
          [level.sum, choice("+", "-")],
          [level.remainder, "%"],
          [level.product, choice("*", "/")],
          [level.power, "^"],
        ].map(([binds, operator]) =>
          prec.left(binds, seq(field("left", $._expression), field("operator", operator), field("right", $._expression))),
        ),
      ),
    // a if p else b if q else c is (a if p else b) if q else c.
    conditional: ($) =>
      prec.left(level.ternary, seq(field("then", $._expression), "if", field("condition", $._expression), "else", field("else", $._expression))),

    identifier: () => /[A-Za-z_][A-Za-z0-9_]*/,
    number: () => /[0-9]+(\.[0-9]+)?/,
    string: () => /"[^"\r\n]*"/,

    // #rasp:length 8 speaks to the compiler, #> "ab" => [1, 2] and #= layers 1 to the tests.
    directive: () => token(prec(2, /#rasp:[^\r\n]*/)),
    example: () => token(prec(1, choice(/#>[^\r\n]*/, /#=[^=\r\n][^\r\n]*/))),
    comment: () => token(/#[^\r\n]*/),
  },
});
