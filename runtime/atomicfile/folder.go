package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Folder makes a folder atomically: write fills a new one, which then takes the name.
// After an error the old folder is as it was. An old folder must have no other files than
// those named, which are its own. What a writer has left behind that was killed while it
// wrote the same folder goes away.
func Folder(path string, names []string, write func(folder string) error) error {
	if err := replaceFolder(filepath.Clean(path), names, write); err != nil {
		return fmt.Errorf("saving %s: %w", path, withoutName(err))
	}
	return nil
}

func replaceFolder(path string, names []string, write func(folder string) error) (err error) {
	if base := filepath.Base(path); base == "." || base == ".." || base == string(filepath.Separator) {
		return errors.New("a folder in use cannot be replaced; give one a name in it")
	}
	exists, err := isOwn(path, names)
	if err != nil {
		return err
	}
	removeLeft(path, fs.DirEntry.IsDir)
	folder, locked, err := temporaryFolder(path)
	if err != nil {
		return err
	}
	defer locked.Close()
	defer ended(folder) // after success it has another name
	if err := write(folder); err != nil {
		return err
	}
	_ = step("sync folder", func() error { return syncFolder(folder) })
	if !exists {
		return step("rename", func() error { return named(func() error { return os.Rename(folder, path) }) })
	}
	old := folder + "-old"
	if err := named(func() error { return exchange(folder, path, old) }); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// exchange gives a folder the name of another one, which is old from then on.
func exchange(folder, path, old string) error {
	if err := step("rename old", func() error { return os.Rename(path, old) }); err != nil {
		return err
	}
	if err := step("rename", func() error { return os.Rename(folder, path) }); err != nil {
		return errors.Join(err, os.Rename(old, path))
	}
	return nil
}

// isOwn says whether there is such a folder. It is an error if it has files of others.
func isOwn(path string, names []string) (exists bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.IsDir():
		return false, errors.New("not a folder")
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !slices.Contains(names, e.Name()) {
			return false, fmt.Errorf("the folder has %s, which would be lost", e.Name())
		}
	}
	return true, nil
}

// temporaryFolder makes a new folder beside path, and locks it.
func temporaryFolder(path string) (name string, locked *os.File, err error) {
	folder, base := filepath.Split(path)
	for range 100 {
		name = fmt.Sprintf("%s.%s%s%d", folder, base, mark, rand.Uint64())
		if err = made(name, func() error { return os.Mkdir(name, 0o777) }); err != nil && !errors.Is(err, os.ErrExist) {
			return "", nil, err
		}
		if err != nil {
			continue
		}
		if locked, err = os.Open(name); err == nil && lock(locked) {
			return name, locked, nil
		}
	}
	return "", nil, err
}
