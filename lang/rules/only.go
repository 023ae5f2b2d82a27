package rules

import "rasp/lang/syntax"

// only is the function of the library that says of a selector that each row selects one key
// at most. For other interpreters, and in files that define it themselves, it is the
// identity.
const only = "only"

// IsOnly recognises it, by name and body.
func IsOnly(def *syntax.FuncDef) bool {
	if def.Name.Name != only || len(def.Params) != 1 || len(def.Body) > 0 || len(def.Results) != 1 {
		return false
	}
	result, ok := syntax.Unparen(def.Results[0]).(*syntax.Ident)
	return ok && result.Name == def.Params[0].Name
}

// OnlyOf: the argument of only(..).
var OnlyOf = &Role{takes: Selector, otherwise: "only takes a selector, not %s",
	hints: map[Kinds]string{always: "only(select(tokens, \"=\", ==))"}}
