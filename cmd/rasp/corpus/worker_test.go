package corpus

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Workers that do blocks as they come, and the step between by sorting, give the bytes of one
// process; a block that is asked for twice is the same.
func TestWorkers(t *testing.T) {
	for _, text := range []string{someBlocks, `{"enumerate": 2, "block": 100, "domains": [{"vocab": "\"ab\"", "length": 3}], "operations": {"select_letter": 1, "width": 1, "is_letter": 1, "choose_letter": 1, "both": 1}}`} {
		whole := corpusOf(t, text, t.TempDir())
		want := made(t, whole)

		folder := t.TempDir()
		var workers []*Worker
		for range 3 {
			w, err := corpusOf(t, text, folder).Worker(t.Context())
			require.NoError(t, err)
			workers = append(workers, w)
		}
		first := map[Fingerprint]int{}
		for block := workers[0].Blocks() - 1; block >= 0; block-- {
			content, err := workers[block%3].Find(t.Context(), block)
			require.NoError(t, err)
			again, err := workers[(block+1)%3].Find(t.Context(), block)
			require.NoError(t, err)
			require.Equal(t, content, again)
			for i, record := range slices.Collect(slices.Chunk(content, found)) {
				f, number := Fingerprint(record[1:]), block*workers[0].Block+i
				if least, known := first[f]; record[0] == 0 && (!known || number < least) {
					first[f] = number
				}
			}
		}
		keep := make([][]int, workers[0].Blocks())
		for _, number := range first {
			keep[number/workers[0].Block] = append(keep[number/workers[0].Block], number)
		}
		counts, rows := map[Reason]int{}, 0
		for block := range keep {
			slices.Sort(keep[block])
			n, left, err := workers[(block+2)%3].Write(t.Context(), block, keep[block])
			require.NoError(t, err)
			join(counts, left)
			rows += n
		}
		assert.Equal(t, want.Rows, rows)
		r, err := workers[1].Card(counts)
		require.NoError(t, err)
		assert.Equal(t, want, r)
		assert.Equal(t, filesOf(t, whole.Folder), filesOf(t, folder))
	}
}

func TestWorkerRefuses(t *testing.T) {
	w, err := corpusOf(t, someBlocks, t.TempDir()).Worker(t.Context())
	require.NoError(t, err)
	for _, block := range []int{-1, 5} {
		_, err = w.Find(t.Context(), block)
		assert.ErrorContains(t, err, "they are from 0 to 4")
		_, _, err = w.Write(t.Context(), block, nil)
		assert.ErrorContains(t, err, "they are from 0 to 4")
	}
	_, _, err = w.Write(t.Context(), 1, nil)
	assert.ErrorContains(t, err, "000001: no such file", "it was not found yet")
	content, err := w.Find(t.Context(), 1)
	require.NoError(t, err)
	good, bad := -1, -1
	for i, record := range slices.Collect(slices.Chunk(content, found)) {
		if record[0] == 0 {
			good = 40 + i
		} else {
			bad = 40 + i
		}
	}
	for _, keep := range [][]int{{bad}, {good, good}, {good, 40}, {39}, {80}} {
		_, _, err = w.Write(t.Context(), 1, keep)
		assert.ErrorContains(t, err, "is no candidate of block 1 that can be kept, or not in order", keep)
	}
	assert.NoFileExists(t, w.corpus.dataFile(1))
	_, err = w.Card(nil)
	assert.Error(t, err, "blocks are missing")
}

// TestWorkersCut: a corpus of fewer candidates, the last block of which is written again when
// there are more, is that of a specification with so many.
func TestWorkersCut(t *testing.T) {
	w, err := corpusOf(t, `{"rows": 30, "block": 40}`, t.TempDir()).Worker(t.Context())
	require.NoError(t, err)
	for _, candidates := range []int{30, 50, 65} {
		whole := corpusOf(t, fmt.Sprintf(`{"candidates": %d, "block": 40}`, candidates), t.TempDir())
		want := made(t, whole)
		cut, err := w.Cut(candidates)
		require.NoError(t, err)
		counts, seen := map[Reason]int{}, map[Fingerprint]bool{}
		for block := range cut.Blocks() {
			content, err := w.Find(t.Context(), block)
			require.NoError(t, err)
			keep, from := []int{}, block*40
			for i, record := range slices.Collect(slices.Chunk(content, found)) {
				if f := Fingerprint(record[1:]); record[0] == 0 && !seen[f] && from+i < candidates {
					seen[f], keep = true, append(keep, from+i)
				}
			}
			_, left, err := cut.Write(t.Context(), block, keep)
			require.NoError(t, err)
			join(counts, left)
		}
		r, err := cut.Card(counts)
		require.NoError(t, err)
		assert.Equal(t, want, r)
		assert.Equal(t, dataOf(t, whole.Folder), dataOf(t, w.corpus.Folder))
	}
	for _, candidates := range []int{0, 961} {
		_, err = w.Cut(candidates)
		assert.ErrorContains(t, err, "candidates: 1 to 960, not")
	}
}
