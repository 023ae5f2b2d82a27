//go:build !unix

package atomicfile

import "os"

// lock has nothing to do where a file that is open cannot be removed.
func lock(*os.File) bool { return true }

// removeAbandoned removes a temporary file; that fails while it is open.
func removeAbandoned(name string) { os.Remove(name) }

// hold has nothing to keep: a file that is open cannot be removed, and nothing else is known
// of one that is not.
func hold(*os.File) (release func()) { return func() {} }
