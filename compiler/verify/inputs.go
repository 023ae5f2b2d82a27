package verify

import (
	"fmt"

	"rasp/lang/domain"
)

// few inputs are all tried without being asked for.
const few = 20_000

// Choose the inputs to try: all those of the domain, or all those of length allUpTo
// at most and then random ones.
func Choose(d domain.Domain, options Options) (inputs domain.Inputs, allUpTo int, err error) {
	most, random := options.Samples, 0
	if most <= 0 {
		most = DefaultSamples
	}
	all, exact := d.Count()
	switch {
	case options.Exhaustive && !exact:
		return inputs, 0, fmt.Errorf("the domain has too many inputs: %d tokens at up to %d positions", len(d.Vocab), d.Length)
	case options.Exhaustive || exact && all <= few:
		most = all
	default:
		random = most
	}
	allUpTo, first := d.UpTo(most)
	return domain.Inputs{Domain: d, First: first, Random: random, Seed: options.Seed}, allUpTo, nil
}

// chunk is how many inputs are tried between two looks at the context.
func chunk(d domain.Domain) int { return min(max(1024/d.Length, 1), 64) }
