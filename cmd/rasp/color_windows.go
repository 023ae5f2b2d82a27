package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsColor has a console of Windows obey ANSI sequences, which older ones do not.
func understandsColor(f *os.File) bool {
	console := windows.Handle(f.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
