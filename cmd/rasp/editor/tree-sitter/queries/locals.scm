; A function and a comprehension have names of their own; a loop opens no scope.
(source_file) @local.scope
(function_definition) @local.scope
(list_comprehension) @local.scope
(dict_comprehension) @local.scope

(function_definition name: (identifier) @local.definition.function
  (#set! definition.function.scope "parent"))
(parameters (identifier) @local.definition.parameter)
(assignment name: (identifier) @local.definition.var)
(for_statement name: (identifier) @local.definition.var)
(list_comprehension name: (identifier) @local.definition.var)
(dict_comprehension name: (identifier) @local.definition.var)

(identifier) @local.reference
