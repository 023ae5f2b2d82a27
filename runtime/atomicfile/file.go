// Package atomicfile writes files and folders as a whole: whoever reads one sees the old one or all of
// the new one.
//
//	file.go         writing a file; once.go: one that is not there yet
//	folder.go       writing a folder
//	abandon.go      what becomes of temporary files when the process is told to end
//	lock_unix.go    which temporary files have lost their writers; lock_other.go
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Write writes a file atomically. After an error the old file is as it was. What a
// writer has left behind that was killed while it wrote the same file goes away. A new
// file has the permissions that the umask of the process gives it.
func Write(path string, write func(io.Writer) error) error {
	if err := replace(path, write); err != nil {
		return fmt.Errorf("saving %s: %w", path, withoutName(err))
	}
	return nil
}

// replace writes a temporary file in the same folder and renames it.
func replace(path string, write func(io.Writer) error) (err error) {
	path, old, err := destination(path)
	if err != nil {
		return err
	}
	removeLeft(path, func(e fs.DirEntry) bool { return e.Type().IsRegular() })
	f, err := temporary(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
		ended(f.Name())
	}()
	if err := write(f); err != nil {
		return err
	}
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := step("sync", f.Sync); err != nil {
		return err
	}
	defer hold(f)() // until it has its name, nobody may take it for one that was left behind
	if err := step("close", f.Close); err != nil {
		return err
	}
	if err := step("rename", func() error { return named(func() error { return os.Rename(f.Name(), path) }) }); err != nil {
		return err
	}
	// The new name survives a power cut where the system can do that; the file is
	// complete either way, so failing is no error.
	_ = step("sync folder", func() error { return syncFolder(filepath.Dir(path)) })
	return nil
}

// trace is told of each step before it is made, and can make it fail: for tests.
var trace = func(string) error { return nil }

func step(name string, do func() error) error {
	if err := trace(name); err != nil {
		return err
	}
	return do()
}

// withoutName is what is wrong with a temporary file, whose name would only confuse.
func withoutName(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// mark is in the name of a temporary file, between the name of the file that it will be
// and a number.
const mark = ".rasp-"

// temporary makes a new file beside path, and locks it.
func temporary(path string) (f *os.File, err error) {
	const attempts = 100
	folder, name := filepath.Split(path)
	for n := 1; ; n++ {
		own := fmt.Sprintf("%s.%s%s%d", folder, name, mark, rand.Uint64())
		err = made(own, func() (err error) {
			f, err = os.OpenFile(own, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
			return err
		})
		switch {
		case err == nil && lock(f):
			return f, nil
		case err == nil: // another writer took it for one that was left behind
			f.Close()
			ended(own)
		case !errors.Is(err, fs.ErrExist) || n == attempts:
			return nil, err
		}
	}
}

// removeLeft removes what was made to become path, of the given kind, and whose writers are gone.
func removeLeft(path string, is func(fs.DirEntry) bool) {
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if is(e) && strings.HasPrefix(e.Name(), "."+name+mark) {
			removeAbandoned(filepath.Join(folder, e.Name()))
		}
	}
}

// destination is the file that path stands for, behind links, and what is known of it,
// nil if it is to be made. A folder, device or pipe, which a rename would replace, is an
// error.
func destination(path string) (string, fs.FileInfo, error) {
	const mostLinks = 40
	for range mostLinks {
		info, err := os.Lstat(path)
		switch {
		case err != nil:
			return path, nil, nil
		case info.Mode().IsRegular():
			return path, info, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return "", nil, errors.New("not a regular file")
		}
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return "", nil, errors.New("not a regular file") // links of /proc name no file
		}
		target, err := os.Readlink(path)
		if err != nil {
			return "", nil, err
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return "", nil, errors.New("too many links")
}

// syncFolder writes the names in a folder to the disk.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
