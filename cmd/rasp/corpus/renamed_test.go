package corpus

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/lang"
)

// A program and what becomes of it when its tokens are renamed have one fingerprint where the
// specification says so, and another one each where it does not, unless they do the same.
func TestRenamed(t *testing.T) {
	const operations = `, "operations": {"select_letter": 2, "width": 3, "is_letter": 2, "choose_letter": 2, "fetch_token": 2, "select_offset": 1, "is_number": 1}`
	for _, domains := range []string{`[{"vocab": "\"abc\"", "length": 5}]`, `[{"vocab": "\"abcd\"", "length": 6, "causal": true}]`} {
		plain := corpusOf(t, `{"domains": `+domains+operations+`}`, "")
		canonical := corpusOf(t, `{"rename": true, "domains": `+domains+operations+`}`, "")
		plain.source = newDrawer(plain.Spec)
		differ, programs := 0, map[Fingerprint]Fingerprint{} // plain ones, to canonical ones
		for number := range 60 {
			x := plain.draw(number)
			if x.Reason != "" {
				continue
			}
			d := x.Domain
			head, body, _ := strings.Cut(x.Text, "\nx1")
			other := head + "\nx1" + strings.NewReplacer(`"a"`, `"b"`, `"b"`, `"c"`, `"c"`, `"a"`).Replace(body)
			renamed, faults := lang.Parse("", other)
			require.NoError(t, faults.Err())
			f, why := does(t, canonical, x.program, d)
			g, whyToo := does(t, canonical, renamed, d)
			assert.Equal(t, f, g, x.Text)
			assert.Equal(t, why, whyToo, x.Text)
			p, _ := does(t, plain, x.program, d)
			if q, _ := does(t, plain, renamed, d); p != q {
				differ++
			}
			if other, known := programs[p]; known {
				assert.Equal(t, other, f, "programs that do the same")
			}
			programs[p] = f
		}
		assert.Greater(t, differ, 10)
		canonicals := map[Fingerprint]bool{}
		for _, f := range programs {
			canonicals[f] = true
		}
		assert.Greater(t, len(canonicals), len(programs)/2, "others stay apart")
	}
}

// Renaming what is probed gives what is probed.
func TestProbesAreClosed(t *testing.T) {
	for _, text := range []string{`{"rename": true}`, `{"rename": true, "short": 20, "long": 50}`} {
		s := specOf(t, text)
		for _, d := range s.Domains {
			p, all := s.probesOf(&d), map[string]int{}
			name := func(ids, names []int) string {
				text := ""
				for _, id := range ids {
					text += string(rune('a' + names[id]))
				}
				return text
			}
			names := permutations(len(d.tokens))
			for ids := range p.All() {
				all[name(ids, names[0])]++
			}
			for _, other := range names {
				renamed := map[string]int{}
				for ids := range p.All() {
					renamed[name(ids, other)]++
				}
				require.Equal(t, all, renamed)
			}
		}
	}
}

// However few fingerprints are in memory at a time, the first of those that are equal stays.
func TestDistinctInRounds(t *testing.T) {
	c := corpusOf(t, someBlocks, t.TempDir())
	made(t, c)
	want, err := c.distinct(seenAtOnce)
	require.NoError(t, err)
	require.Positive(t, want.Counts[Duplicate])
	for _, atOnce := range []int{1, 7, 50, 169} {
		d, err := c.distinct(atOnce)
		require.NoError(t, err)
		assert.Equal(t, want, d, atOnce)
	}
}
