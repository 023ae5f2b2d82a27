// Package treesitter is the grammar of RASP for tree-sitter, as a Go program takes it. The
// parser, parser.c, is generated from grammar.js: tree-sitter generate --abi 14.
//
// It is a module of its own, so that rasp needs neither C nor tree-sitter. Its test holds
// the grammar to lang/syntax on every program of the repository.
package treesitter

// #cgo CFLAGS: -std=c11
// const void *tree_sitter_rasp(void);
import "C"

import "unsafe"

// Language is what tree_sitter.NewLanguage takes.
func Language() unsafe.Pointer { return unsafe.Pointer(C.tree_sitter_rasp()) }
