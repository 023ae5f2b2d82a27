package next

import (
	"cmp"
	"math"
	"slices"
)

// tie is that of model.Output.Tie for logarithms of probabilities.
const tie = 1.0 / (1 << 16)

// Ranked lists the tokens that can come next, by the logarithms of their probabilities
// [vocabulary]: the likeliest first, equals, but for rounding, as they stand in the
// vocabulary.
func Ranked(logs []float64) []int {
	var ids []int
	for id, l := range logs {
		if !math.IsInf(l, -1) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int) int { return cmp.Compare(logs[b], logs[a]) })
	for from := 0; from < len(ids); {
		to := from + 1
		for to < len(ids) && logs[ids[to]] >= logs[ids[from]]-tie {
			to++
		}
		slices.Sort(ids[from:to])
		from = to
	}
	return ids
}

// Temper makes logarithms of probabilities [vocabulary] those at a temperature, as Choice
// has it: at 0 the likeliest token is sure, the first of equals.
func Temper(logs []float64, temperature float64) {
	ranked := Ranked(logs)
	if temperature == 1 || len(ranked) == 0 {
		return
	}
	first, top := ranked[0], slices.Max(logs)
	total := 0.0
	for _, id := range ranked {
		below := top - logs[id]
		switch {
		case temperature == 0 && id == first, below <= tie && temperature > 0: // as likely as the likeliest
			below = 0
		case temperature == 0:
			below = math.Inf(1)
		default:
			below /= temperature
		}
		logs[id] = -below
		total += math.Exp(-below)
	}
	for _, id := range ranked {
		logs[id] -= math.Log(total)
	}
}

// Entropy of logarithms of probabilities, in nats.
func Entropy(logs []float64) float64 {
	sum := 0.0
	for _, l := range logs {
		if !math.IsInf(l, -1) {
			sum -= math.Exp(l) * l
		}
	}
	return sum
}
