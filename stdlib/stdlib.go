// Package stdlib holds the RASP library (library.rasp, whose names every
// program sees) and the ready-made programs, as text.
package stdlib

import "embed"

// FS holds the .rasp files, by name, without folders.
//
//go:embed *.rasp
var FS embed.FS
