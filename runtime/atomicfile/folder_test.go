package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fill writes one file.
func fill(name, words string) func(folder string) error {
	return func(folder string) error { return Write(filepath.Join(folder, name), text(words)) }
}

func TestFolder(t *testing.T) {
	around := t.TempDir()
	path := filepath.Join(around, "a")
	require.NoError(t, Folder(path, []string{"x"}, fill("x", "1")))
	require.NoError(t, Folder(path+string(filepath.Separator), []string{"x", "y"}, fill("y", "2")))
	require.Equal(t, []string{"y"}, names(t, path))
	require.Equal(t, "2", content(t, filepath.Join(path, "y")))

	failure := errors.New("no more")
	require.ErrorIs(t, Folder(path, []string{"y"}, func(folder string) error {
		require.NoError(t, fill("y", "3")(folder))
		return failure
	}), failure)
	require.Equal(t, "2", content(t, filepath.Join(path, "y")))

	require.ErrorContains(t, Folder(path, []string{"z"}, fill("z", "4")), "the folder has y, which would be lost")
	require.NoError(t, os.Mkdir(filepath.Join(around, "b"), 0o777))
	require.NoError(t, Folder(filepath.Join(around, "b"), nil, fill("z", "4")), "an empty folder has nothing to lose")
	require.NoError(t, Write(filepath.Join(around, "c"), text("5")))
	require.ErrorContains(t, Folder(filepath.Join(around, "c"), nil, fill("z", "4")), "not a folder")
	require.Error(t, Folder(filepath.Join(around, "none", "d"), nil, fill("z", "4")))
	t.Chdir(around)
	require.ErrorContains(t, Folder(".", nil, fill("z", "4")), "a folder in use cannot be replaced")
	require.Equal(t, []string{"a", "b", "c"}, names(t, around), "nothing is left behind")
}

// Whichever step fails, there is a whole folder, the old one or the new one, under the
// name, or none where there was none.
func TestFolderThatFails(t *testing.T) {
	for _, failing := range []string{"rename old", "rename"} {
		path := filepath.Join(t.TempDir(), "a")
		require.NoError(t, Folder(path, nil, fill("x", "old")))
		trace = func(name string) error {
			if name == failing {
				return errors.New("no power")
			}
			return nil
		}
		err := Folder(path, []string{"x"}, func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "x"), []byte("new"), 0o666)
		})
		trace = func(string) error { return nil }
		require.ErrorContains(t, err, "no power")
		require.Equal(t, "old", content(t, filepath.Join(path, "x")), failing)
		require.Equal(t, []string{"a"}, names(t, filepath.Dir(path)), failing)
	}
}
