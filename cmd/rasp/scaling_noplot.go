//go:build noplot

package main

import (
	"io"

	"rasp/runtime/scaling"
)

// chart is missing: its fonts are a sixth of the program, and who has little room, such as the
// Python package, has other libraries for plots.
var chart func(w io.Writer, runs []scaling.Run, l scaling.Law, format string) error
