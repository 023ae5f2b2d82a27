; Where two patterns name a node, the later one counts.

(comment) @comment
(directive) @keyword.directive
(example) @comment.documentation
(string) @string
(number) @number

["if" "else"] @keyword.conditional
"for" @keyword.repeat
"return" @keyword.return
"def" @keyword.function
"load" @keyword.import
["and" "or" "not" "in"] @keyword.operator
["draw" "set" "show" "example" "examples" "s-op" "selector" "on" "off" "full seq display" "exit" "quit" "exit()" "quit()"] @keyword

["select(" "aggregate(" "range(" "zip(" "len(" "round" "indicator"] @function.builtin

["+" "-" "*" "/" "%" "^" "==" "!=" "<" "<=" ">" ">=" "="] @operator
["," ";" ":"] @punctuation.delimiter
["(" ")" "[" "]" "{" "}"] @punctuation.bracket

(function_definition name: (identifier) @function)
(parameters (identifier) @variable.parameter)
(call function: (identifier) @function.call)

((identifier) @boolean
  (#any-of? @boolean "True" "False"))
((identifier) @variable.builtin
  (#any-of? @variable.builtin
    "tokens" "tokens_str" "tokens_int" "tokens_float" "tokens_bool" "tokens_asis" "indices" "length" "full_s"))
