package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func names(t *testing.T, folder string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func content(t *testing.T, path string) string {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(got)
}

func TestWrite(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	require.NoError(t, Write(path, text("1")))
	require.NoError(t, Write(path, text("2")))
	require.Equal(t, "2", content(t, path))
	failure := errors.New("no more")
	require.ErrorIs(t, Write(path, func(w io.Writer) error {
		io.WriteString(w, "3")
		return failure
	}), failure)
	require.Equal(t, "2", content(t, path))
	require.Equal(t, []string{"a"}, names(t, folder))
	require.EqualError(t, Write(filepath.Join(folder, "none", "b"), text("1")), "saving "+filepath.Join(folder, "none", "b")+": no such file or directory")
	require.ErrorContains(t, Write(folder, text("1")), "not a regular file")
}

// TestLinks: what a link stands for is written, also if it is not there yet.
func TestLinks(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "sub"), 0o755))
	require.NoError(t, os.Symlink(filepath.Join("sub", "a"), link))
	for _, want := range []string{"1", "2"} {
		require.NoError(t, Write(link, text(want)))
		require.Equal(t, want, content(t, filepath.Join(folder, "sub", "a")))
	}
	require.Equal(t, []string{"link", "sub"}, names(t, folder))
	round := filepath.Join(folder, "round")
	require.NoError(t, os.Symlink("round", round))
	require.ErrorContains(t, Write(round, text("1")), "too many links")
	folderLink := filepath.Join(folder, "folder")
	require.NoError(t, os.Symlink("sub", folderLink))
	require.ErrorContains(t, Write(folderLink, text("1")), "not a regular file")
	if runtime.GOOS == "linux" {
		in, out, err := os.Pipe() // the link that /proc has for it names no file
		require.NoError(t, err)
		defer in.Close()
		defer out.Close()
		require.ErrorContains(t, Write(fmt.Sprintf("/proc/self/fd/%d", out.Fd()), text("1")), "not a regular file")
	}
}

// TestPermissions: a new file has those that any program would give it, an old one keeps
// its own.
func TestPermissions(t *testing.T) {
	folder := t.TempDir()
	plain, err := os.Create(filepath.Join(folder, "plain"))
	require.NoError(t, err)
	require.NoError(t, plain.Close())
	want, err := os.Stat(plain.Name())
	require.NoError(t, err)
	path := filepath.Join(folder, "a")
	require.NoError(t, Write(path, text("1")))
	got, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, want.Mode(), got.Mode())
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, Write(path, text("2")))
	got, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), got.Mode().Perm())
}

// TestKilled: what a writer leaves that is killed goes with the next one, what another
// one is writing stays.
func TestKilled(t *testing.T) {
	if name := os.Getenv("ATOMICFILE_WRITES"); name != "" {
		Write(name, func(w io.Writer) error {
			io.WriteString(w, "half")
			os.Stdout.WriteString("!")
			time.Sleep(time.Hour)
			return nil
		})
	}
	if runtime.GOOS == "windows" {
		t.Skip("a process is not killed in the same way")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	other := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
	other.Env = append(os.Environ(), "ATOMICFILE_WRITES="+path)
	out, err := other.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	_, err = out.Read(make([]byte, 1))
	require.NoError(t, err)

	require.NoError(t, Write(path, text("1")))
	require.Len(t, names(t, folder), 2, "the other one is writing")
	require.NoError(t, other.Process.Kill())
	require.Error(t, other.Wait())
	require.NoError(t, Write(path, text("2")))
	require.Equal(t, []string{"a"}, names(t, folder))
	require.Equal(t, "2", content(t, path))
}
