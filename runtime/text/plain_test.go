package text

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"rasp/runtime/bounded"
)

func packed(t testing.TB, text string, with func(io.Writer) (io.WriteCloser, error)) string {
	t.Helper()
	var b bytes.Buffer
	w, err := with(&b)
	require.NoError(t, err)
	_, err = io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestPlain(t *testing.T) {
	toGzip := func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }
	toZstandard := func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }
	for _, text := range []string{"", "a", "ab\n", "\x1f", "\x28\xb5\x2f", "\xef\xbb", strings.Repeat("abc\n", 1e5)} {
		for _, file := range []string{
			text, mark + text, packed(t, text, toGzip), packed(t, mark+text, toGzip), packed(t, text, toZstandard),
			packed(t, "", toGzip) + packed(t, text, toGzip),
		} {
			r, err := Plain(strings.NewReader(file))
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, text, string(got))
		}
	}
	_, err := Plain(strings.NewReader(gzipped + "no more"))
	require.ErrorContains(t, err, "gzip")
	whole := packed(t, strings.Repeat("abc", 999), toGzip)
	r, err := Plain(strings.NewReader(whole[:len(whole)-9]))
	require.NoError(t, err)
	_, err = io.ReadAll(r)
	require.EqualError(t, err, "a gzip file that is cut off")
}

// What is no text in UTF-8 is told by its start, packed or not, and nothing is read of it.
func TestPlainRefuses(t *testing.T) {
	for start, want := range map[string]string{
		"\xff\xfea\x00": "text in UTF-16: save it as UTF-8",
		"\xfe\xff\x00a": "text in UTF-16: save it as UTF-8",
		"PK\x03\x04":    "a zip file: unpack it first",
		"\xfd7zXZ\x00":  "an xz file: unpack it first",
		"BZh91AY&SY":    "a bzip2 file: unpack it first",
	} {
		for _, file := range []string{start, packed(t, start, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })} {
			_, err := Plain(strings.NewReader(file))
			require.EqualError(t, err, want)
		}
	}
	for _, text := range []string{"PK", "BZh", "BZh9", "PK\x03"} {
		r, err := Plain(strings.NewReader(text))
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
}

// A terminal gives a line at a time: what is shorter than the numbers of a file is not
// waited for.
func TestPlainDoesNotWait(t *testing.T) {
	in, out := io.Pipe()
	go out.Write([]byte("a\n"))
	r, err := Plain(in)
	require.NoError(t, err)
	got := make([]byte, 2)
	_, err = io.ReadFull(r, got)
	require.NoError(t, err)
	require.Equal(t, "a\n", string(got))
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.gz")
	require.NoError(t, os.WriteFile(name, []byte(packed(t, "ab", func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })), 0o644))
	f, err := Open(name, nil)
	require.NoError(t, err)
	got, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "ab", string(got))
	require.NoError(t, f.Close())
	require.NoError(t, os.WriteFile(name, []byte(gzipped+"?"), 0o644))
	_, err = Open(name, nil)
	require.ErrorContains(t, err, name)
	_, err = Open(name+"?", nil)
	require.ErrorIs(t, err, os.ErrNotExist)

	f, err = Open("-", strings.NewReader("ab"))
	require.NoError(t, err)
	require.False(t, f.Packed)
	t.Chdir(filepath.Dir(name))
	_, err = Open("-", nil)
	require.ErrorIs(t, err, os.ErrNotExist, "without stdin it is a file")
	whole := packed(t, strings.Repeat("abc", 999), func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	require.NoError(t, os.WriteFile("-", []byte(whole[:len(whole)-9]), 0o644))
	f, err = Open("-", nil)
	require.NoError(t, err)
	require.True(t, f.Packed)
	_, err = io.ReadAll(f)
	require.EqualError(t, err, "read -: a gzip file that is cut off", "an error of reading has the name")
}

// FuzzPlain: whatever the bytes, a text or an error in words, and no more memory than a
// reader asks for.
func FuzzPlain(f *testing.F) {
	toGzip := func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }
	toZstandard := func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }
	for _, text := range []string{"", "ab\n", mark + "a", strings.Repeat("abc\n", 999)} {
		f.Add(text)
		f.Add(packed(f, text, toGzip))
		f.Add(packed(f, text, toZstandard))
	}
	f.Fuzz(func(t *testing.T, file string) {
		bounded.Work(t)
		r, err := Plain(strings.NewReader(file))
		if err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<24))
		}
		if err != nil {
			bounded.Words(t, err.Error(), file)
		}
	})
}
