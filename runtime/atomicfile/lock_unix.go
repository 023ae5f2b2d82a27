//go:build unix

package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

// lock marks a temporary file as one that is being written; the system takes the mark
// away when its writer ends, however it does. It is false if somebody is about to remove
// the file. Where a file system has no locks, what is left behind stays.
func lock(f *os.File) bool {
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK {
		return false
	}
	_, err := os.Lstat(f.Name())
	return err == nil
}

// hold keeps the lock of a file that will be closed, until the function is called.
func hold(f *os.File) (release func()) {
	same, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return func() {}
	}
	return func() { unix.Close(same) }
}

// removeAbandoned removes a temporary file unless it is being written.
func removeAbandoned(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		os.RemoveAll(name) // a folder too
	}
}
