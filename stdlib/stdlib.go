// Package stdlib holds the RASP library (library.rasp, whose names every
// program sees), the ready-made programs and the puzzles, as text.
package stdlib

import "embed"

// FS holds the .rasp files, by name, without folders.
//
//go:embed *.rasp
var FS embed.FS

// Puzzles holds the .rasp files of the folder puzzle, which are statements, hints and
// solutions.
//
//go:embed puzzle/*.rasp
var Puzzles embed.FS
