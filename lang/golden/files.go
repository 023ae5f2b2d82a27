package golden

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// Files are the golden programs of a repository and its ready-made ones, by path from root,
// without those in testdata/check, of which the checker alone finds what is wrong.
func Files(root string) ([]string, error) {
	files, err := Ready(root)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(root, "testdata")
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if path == filepath.Join(folder, "check") {
			return fs.SkipDir
		}
		if err == nil && filepath.Ext(path) == ".rasp" {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// Ready are the programs of the standard library, without the library of functions itself.
func Ready(root string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "stdlib", "*.rasp"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no programs in %s", filepath.Join(root, "stdlib"))
	}
	return slices.DeleteFunc(files, func(path string) bool { return filepath.Base(path) == "library.rasp" }), err
}

// Puzzles are the puzzles of a repository, whose solutions are golden programs, too.
func Puzzles(root string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "stdlib", "puzzle", "*.rasp"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no puzzles in %s", filepath.Join(root, "stdlib", "puzzle"))
	}
	return files, err
}
