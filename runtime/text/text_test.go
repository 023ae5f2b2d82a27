package text

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// pieces of a text with their places, an error as its text.
func pieces(from string, split Split, longest int) (list []string) {
	s := NewScanner(strings.NewReader(from), split, longest)
	for {
		p, err := s.Next()
		switch {
		case err == io.EOF:
			return list
		case err != nil:
			return append(list, fmt.Sprintf("%s %+v", err, err))
		}
		list = append(list, fmt.Sprintf("%q %d:%d", p.Text, p.Line, p.Col))
	}
}

func TestScanner(t *testing.T) {
	require.Equal(t, []string{`"a" 1:1`, `" " 1:2`, `"é" 1:3`, `"\r" 1:4`, `"\n" 1:5`, `"b" 2:1`}, pieces("\ufeffa é\r\nb", Chars, 8))
	require.Equal(t, []string{`"ab" 1:3`, `"\n" 1:6`, `"\n" 2:1`, `"é" 3:2`}, pieces("  ab\t\n\n\vé", Words, 8))
	require.Equal(t, []string{`"aaaaa" 1:1`, `"b" 1:101`}, pieces(strings.Repeat("a", 99)+" b", Words, 4), "cut short")
	require.Empty(t, pieces("", Chars, 8))
	s := NewScanner(strings.NewReader("a\nb\xc3 "), Words, 8)
	var err error
	for err == nil {
		_, err = s.Next()
	}
	require.Equal(t, &EncodingError{Line: 2, Col: 2, Byte: 0xc3}, err)
}

// A vocabulary of letters and one of words.
func letters() Vocabulary {
	return NewVocabulary([]string{"a", "b", BeginName, UnknownName}, map[string]int{"a": 0, "b": 1, BeginName: 2, UnknownName: 3})
}

func words() Vocabulary {
	return NewVocabulary([]string{"the", "cat", "\n"}, map[string]int{"the": 0, "cat": 1, "\n": 2})
}

func TestVocabulary(t *testing.T) {
	require.Equal(t, []int{2, -1, 3}, []int{letters().Begin, letters().End, letters().Unknown})
	require.Equal(t, Chars, letters().Split(), "special tokens are no words")
	require.Equal(t, Words, words().Split())
	require.Equal(t, "abba", letters().Join(Chars, "b", 0, 1, 1, 0))
	require.Equal(t, "the cat\nthe", words().Join(Words, "", 0, 1, 2, 0))
	require.Equal(t, " cat", words().Join(Words, "the", 1))
	require.Equal(t, []int{2, 0}, letters().Started([]int{2, 2, 0}))
	require.Equal(t, []int{2}, letters().Started(nil))
	require.Equal(t, []int{0}, words().Started([]int{0}))
}

func TestTokens(t *testing.T) {
	ids, unknown, blanks, err := Tokens("ab z\n", letters(), Reading{})
	require.NoError(t, err)
	require.Equal(t, []int{2, 0, 1, 3}, ids)
	require.Equal(t, []int{1, 2}, []int{unknown, blanks}, "z is read as <unk>; the blank and the end of the line are left out")
	_, _, _, err = Tokens("the\n dog", words(), Reading{Split: Words})
	require.Equal(t, &UnknownError{Text: `"dog"`, Number: 3, Line: 2, Col: 2}, err)
	_, _, _, err = Tokens("the motorcycle", words(), Reading{Split: Words})
	require.ErrorContains(t, err, `"motorcycle" is not`, "longer than any word of the vocabulary")
	_, _, _, err = Tokens(strings.Repeat("語", 60), words(), Reading{Split: Words})
	require.ErrorContains(t, err, `"`+strings.Repeat("語", 40)+`"... is not`)
}

// What Join writes, Tokens reads.
func TestRoundTrip(t *testing.T) {
	want := []int{0, 1, 2, 2, 1, 0, 0}
	ids, unknown, blanks, err := Tokens(words().Join(Words, "", want...), words(), Reading{Split: Words})
	require.NoError(t, err)
	require.Equal(t, want, ids)
	require.Zero(t, unknown+blanks)
}

// A file and a pipe can both be read twice, with progress over both times.
func TestSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(file, []byte("some text"), 0o644))
	for _, name := range []string{file, "-"} {
		s, err := NewSource(context.Background(), name, strings.NewReader("some text"), 2)
		require.NoError(t, err)
		var last []int
		s.Progress = func(done, total int) { last = []int{done, total} }
		for range 2 {
			in, err := s.Open()
			require.NoError(t, err)
			read, err := io.ReadAll(in)
			require.NoError(t, errors.Join(err, in.Close()))
			require.Equal(t, "some text", string(read))
		}
		require.Equal(t, []int{18, 18}, last)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := NewSource(ctx, file, nil, 1)
	require.NoError(t, err)
	in, err := s.Open()
	require.NoError(t, err)
	defer in.Close()
	cancel()
	_, err = io.ReadAll(in)
	require.ErrorIs(t, err, context.Canceled)
	_, err = NewSource(context.Background(), file+"missing", nil, 1)
	require.ErrorIs(t, err, os.ErrNotExist)
}

// Lines come in batches that are bounded, without their ends.
func TestLines(t *testing.T) {
	var want []string
	for n := range 3000 {
		want = append(want, strings.Repeat("x", n))
	}
	var got []string
	for batch, err := range Lines(context.Background(), strings.NewReader(strings.Join(want, "\r\n"))) {
		require.NoError(t, err)
		bytes := 0
		for _, l := range batch[1:] { // the first may have begun before
			bytes += len(l)
		}
		require.Less(t, bytes, batchBytes)
		got = append(got, slices.Clone(batch)...)
	}
	require.Equal(t, want, got)
	byByte := [][]string{}
	for batch, err := range Lines(context.Background(), iotest.OneByteReader(strings.NewReader("a\n\nbc\r\n\rd"))) {
		require.NoError(t, err)
		byByte = append(byByte, batch)
	}
	require.Equal(t, [][]string{{"a"}, {""}, {"bc"}, {"\rd"}}, byByte)
	broken := errors.New("broken")
	for _, err := range Lines(context.Background(), failing{broken}) {
		require.ErrorIs(t, err, broken)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// The package stands alone, so that what counts texts needs no kernels.
func TestTextKnowsNothing(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NotContains(t, string(content), `"rasp`+"/", name)
	}
}
