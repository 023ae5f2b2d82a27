; Neovim's captures.
[
  (block)
  (dict)
  (dict_comprehension)
  (list)
  (list_comprehension)
  (parenthesized)
  (arguments)
  (parameters)
  (select)
  (aggregate)
  (builtin_call)
] @indent.begin

(block "}" @indent.branch)
["}" "]" ")"] @indent.end
