package text

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func inFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	return name
}

// TestSectionsAreTheFile: sections of any size have the lines that begin in them, and together
// all of the file.
func TestSectionsAreTheFile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		var b strings.Builder
		for range r.IntN(40) {
			b.WriteString(strings.Repeat("x", r.IntN(12)))
			b.WriteString("\n")
		}
		all := b.String()
		if n%2 == 0 {
			all = strings.TrimSuffix(all, "\n")
		}
		name := inFile(t, all)
		for size := 1; size <= len(all)+1; size += 1 + size/4 {
			sections, err := Sections(name, int64(size))
			require.NoError(t, err)
			got := ""
			for _, s := range sections {
				want := linesFrom(all, s)
				f, err := s.Open(name)
				require.NoError(t, err)
				part, err := io.ReadAll(iotest.OneByteReader(f))
				require.NoError(t, err)
				require.NoError(t, f.Close())
				text := unmarked(s, part)
				require.Equal(t, want, text, "%q %v", all, s)
				got += text
			}
			require.Equal(t, all, got)
		}
	}
}

// unmarked is a section as a Scanner has it.
func unmarked(s Section, part []byte) string {
	if s.From > 0 {
		return strings.TrimPrefix(string(part), mark)
	}
	return string(part)
}

// TestSectionWithAMark: only what stands at the start of a file is no text.
func TestSectionWithAMark(t *testing.T) {
	name := inFile(t, mark+"a\n"+mark+"b\n")
	sections, err := Sections(name, 5)
	require.NoError(t, err)
	for i, want := range []string{"a", mark + "b"} {
		f, err := sections[i].Open(name)
		require.NoError(t, err)
		p, err := NewScanner(f, Words, 100).Next()
		require.NoError(t, err)
		require.Equal(t, want, string(p.Text))
		require.NoError(t, f.Close())
	}
}

// linesFrom are those that begin in a section.
func linesFrom(all string, s Section) (lines string) {
	at := int64(0)
	for _, line := range strings.SplitAfter(all, "\n") {
		if s.From <= at && at < s.To {
			lines += line
		}
		at += int64(len(line))
	}
	return lines
}

// TestSectionOfLongLines: lines longer than any buffer.
func TestSectionOfLongLines(t *testing.T) {
	all := strings.Repeat(strings.Repeat("y", 1<<17)+"\n", 3)
	name := inFile(t, all)
	sections, err := Sections(name, 1<<16)
	require.NoError(t, err)
	require.Len(t, sections, 7)
	got := ""
	for _, s := range sections {
		f, err := s.Open(name)
		require.NoError(t, err)
		part, err := io.ReadAll(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		text := unmarked(s, part)
		require.Equal(t, linesFrom(all, s), text)
		got += text
	}
	require.True(t, all == got)
}

func TestSectionsOfPackedFiles(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, "a\nb\n")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	name := inFile(t, b.String())
	sections, err := Sections(name, 1)
	require.NoError(t, err)
	require.Len(t, sections, 1)
	f, err := sections[0].Open(name)
	require.NoError(t, err)
	defer f.Close()
	all, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "a\nb\n", string(all))
	_, err = Sections(t.TempDir(), 1)
	require.ErrorContains(t, err, "no file, which could be read in parts")
	_, err = Sections(name+"s", 1)
	require.ErrorIs(t, err, os.ErrNotExist)
}
