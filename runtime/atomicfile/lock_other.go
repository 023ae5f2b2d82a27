//go:build !unix

package atomicfile

import "os"

// lock has nothing to do where a file that is open cannot be removed.
func lock(*os.File) bool { return true }

// removeAbandoned removes a temporary file; that fails while it is open.
func removeAbandoned(name string) { os.Remove(name) }
