package corpus

import (
	"iter"
	"slices"

	"rasp/compiler"
	"rasp/lang/domain"
	"rasp/lang/value"
)

// drawnInputs is the seed of the random inputs by which programs are told apart, the same in
// all corpora.
const drawnInputs = 1

// probes are the inputs by which programs are told apart: all short ones and some others.
// Where tokens may be renamed, each of the others is there with all renamings of its tokens,
// as it is with the short ones anyway: so renaming all inputs gives the same set.
type probes struct {
	domain.Inputs
	renamings [][]int // token ids, by token id; the first leaves them as they are
	listed    [][]int // all of them, unless they are too many
}

// mostListed is how many tokens of probes are in memory.
const mostListed = 1 << 22

// listProbes notes the probes of each domain, which are the same for all its programs.
func (s *Spec) listProbes() {
	tokens := 0
	for i := range s.Domains {
		p := s.probesOf(&s.Domains[i])
		if tokens += p.Len() * p.Length; tokens > mostListed {
			return
		}
		for k := range p.Len() {
			s.Domains[i].listed = append(s.Domains[i].listed, p.IDs(k, nil))
		}
	}
}

func (s *Spec) probesOf(in *Domain) probes {
	d := in.domain
	_, count := d.UpTo(s.Short)
	p := probes{domain.Inputs{Domain: d, First: count, Random: s.Long, Seed: drawnInputs}, [][]int{nil}, in.listed}
	if s.Rename {
		p.renamings = permutations(len(d.Vocab))
		p.Random = (s.Long + len(p.renamings) - 1) / len(p.renamings)
	}
	if all, exact := d.Count(); exact && all == count {
		p.Random = 0
	}
	return p
}

// Len is how many inputs there are.
func (p probes) Len() int { return p.First + p.Random*len(p.renamings) }

// suffice reports whether a model that is compared on them needs no comparison by the
// compiler.
func (p probes) suffice() bool {
	all, exact := p.Domain.Count()
	return exact && p.First == all || p.Random*len(p.renamings) >= compiler.MostTried
}

// IDs are the token ids of input k, in room if that is large enough or else to be left as they
// are.
func (p probes) IDs(k int, room []int) []int {
	if p.listed != nil {
		return p.listed[k]
	}
	if k < p.First {
		return p.Inputs.IDs(k, room)
	}
	k -= p.First
	ids := p.Inputs.IDs(p.First+k/len(p.renamings), room)
	if renamed := p.renamings[k%len(p.renamings)]; renamed != nil {
		for i, id := range ids {
			ids[i] = renamed[id]
		}
	}
	return ids
}

// All goes through the inputs, as ids and as values, valid during their turn.
func (p probes) All() iter.Seq2[[]int, []value.Value] {
	return func(yield func([]int, []value.Value) bool) {
		room, input := make([]int, 0, p.Length), make([]value.Value, 0, p.Length)
		for k := range p.Len() {
			ids := p.IDs(k, room)
			if input = p.Values(ids, input); !yield(ids, input) {
				return
			}
		}
	}
}

// permutations of 0 .. n-1, in the order of a dictionary.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, rest := range permutations(n - 1) {
		for first := range n {
			p := []int{first}
			for _, x := range rest {
				if x >= first {
					x++
				}
				p = append(p, x)
			}
			all = append(all, p)
		}
	}
	slices.SortFunc(all, slices.Compare)
	return all
}
