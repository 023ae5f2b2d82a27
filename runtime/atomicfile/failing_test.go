package atomicfile

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

var errDisk = errors.New("no space left on device")

// disk is a file system on which one step fails, and which notes all of them.
type disk struct {
	steps []string
	fails string
}

func (d *disk) step(name string) error {
	d.steps = append(d.steps, name)
	if name == d.fails {
		return errDisk
	}
	return nil
}

// on has the steps of a write pass through d.
func (d *disk) on(t *testing.T) {
	t.Cleanup(func() { trace = func(string) error { return nil } })
	trace = d.step
}

// TestOrderOfSteps: what is written is on the disk before it has its name, and the name
// is before Write returns. Otherwise a power cut leaves an empty file.
func TestOrderOfSteps(t *testing.T) {
	d := &disk{}
	d.on(t)
	require.NoError(t, Write(filepath.Join(t.TempDir(), "a"), text("1")))
	require.Equal(t, []string{"sync", "close", "rename", "sync folder"}, d.steps)
}

// TestStepsThatFail: whichever step fails, the old file is as it was, and nothing is left
// beside it. Only the folder may fail: the file is complete.
func TestStepsThatFail(t *testing.T) {
	for _, fails := range []string{"sync", "close", "rename"} {
		t.Run(fails, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a")
			require.NoError(t, Write(path, text("old")))
			d := &disk{fails: fails}
			d.on(t)
			require.ErrorIs(t, Write(path, text("new")), errDisk)
			require.Equal(t, fails, d.steps[len(d.steps)-1])
			require.Equal(t, "old", content(t, path))
			require.Equal(t, []string{"a"}, names(t, filepath.Dir(path)))
		})
	}
	path := filepath.Join(t.TempDir(), "a")
	(&disk{fails: "sync folder"}).on(t)
	require.NoError(t, Write(path, text("new")))
	require.Equal(t, "new", content(t, path))
}

// TestShortWriters: a write of which the last part fails, wherever it does, is none.
func TestShortWriters(t *testing.T) {
	const whole = "a text of some length"
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, Write(path, text("old")))
	for n := range len(whole) {
		err := Write(path, func(w io.Writer) error {
			to := &short{w, n}
			for part := range slices.Chunk([]byte(whole), 4) {
				if _, err := to.Write(part); err != nil {
					return err
				}
			}
			return nil
		})
		require.ErrorIs(t, err, errDisk)
		require.Equal(t, "old", content(t, path))
	}
	require.Equal(t, []string{"a"}, names(t, filepath.Dir(path)))
}

// short takes so many bytes, as a disk that fills.
type short struct {
	to   io.Writer
	left int
}

func (s *short) Write(p []byte) (int, error) {
	n, err := s.to.Write(p[:min(len(p), s.left)])
	if s.left -= n; err == nil && n < len(p) {
		err = errDisk
	}
	return n, err
}
