package lower

import (
	"slices"

	"rasp/compiler/demand"
	"rasp/compiler/facts"
)

// construction is a row of the table of ways to get a function of a variable.
type construction struct {
	name    string
	what    string
	sources []facts.Source // of which it reads functions
	// ask for an offer of the function g of v, given by state of v (NaN: the state never
	// matters); nil if the construction does not do that. best is the best offer so far,
	// nil if there is none: only boxes and coarse, which are dear to plan, look at it. An
	// offer that is final ends the asking.
	ask func(l *lowering, v *facts.Variable, g []float64, best *demand.Offer) *demand.Offer
}

func (c *construction) reads(kind facts.Source) bool { return slices.Contains(c.sources, kind) }

// constructions in the order in which they are asked. The offer with the least time (in
// half layers, see package plan) wins, of several with one time the first.
var constructions = []construction{
	{"embedded", "any function of the token or of the position alone is a column of the embedding",
		[]facts.Source{facts.Token, facts.Position}, alone((*lowering).Embedded)},
	{"copy", "a head copies a code of the one key that a row selects",
		[]facts.Source{facts.Fetched}, alone((*lowering).Fetched)},
	{"latest", "a head copies a code of the latest, or the earliest, of the keys that match: scores have a slope over positions",
		[]facts.Source{facts.Fetched}, alone((*lowering).Picked)},
	{"any", "a head brings 1 where a row selects something, BOS 0 where it does not",
		[]facts.Source{facts.Any}, alone((*lowering).Any)},
	{"any of a mean", "any, where nothing but that is asked of a mean: a value that is not 0, or one that is",
		[]facts.Source{facts.Mean}, alone((*lowering).AnyOfMean)},
	{"share", "steps of what the keys that a row selects have of a head's attention beside BOS, where the policy wants that",
		[]facts.Source{facts.Length, facts.Width}, alone((*lowering).Share)},
	{"count", "a head whose BOS outweighs all keys adds up ones: how many keys a row selects",
		[]facts.Source{facts.Length, facts.Width}, alone((*lowering).Count)},
	{"count of a mean", "count, where nothing but the width of the row is asked of a mean",
		[]facts.Source{facts.Mean}, alone((*lowering).CountOfMean)},
	{"mean", "the output of a head that averages, as it is",
		[]facts.Source{facts.Mean}, alone((*lowering).MeanItself)},
	{"sum", "a head whose BOS outweighs all keys adds up their values",
		[]facts.Source{facts.Mean}, alone((*lowering).SumOfMean)},
	{"zeros", "count less sum: how many selected keys have the value 0, where all others have one",
		[]facts.Source{facts.Mean}, alone((*lowering).ZerosOfMean)},
	{"thresholds", "steps of the output of a head that averages",
		[]facts.Source{facts.Mean}, alone((*lowering).Thresholds)},
	{"moments", "steps of sum and width as one number (mixed radix)",
		[]facts.Source{facts.Mean}, alone((*lowering).MomentsOfMean)},
	{"type", "steps of the sum of a number for each type: is a mean an int, a boolean or a float",
		[]facts.Source{facts.Mean}, alone((*lowering).TypeOfMean)},
	{"sign", "steps of the difference of two means, for a comparison",
		[]facts.Source{facts.Compared}, alone((*lowering).Compared)},
	{"any of a total", "any, where nothing but whether it is 0 is asked of a sum of numbers of one sign",
		[]facts.Source{facts.Whole}, alone((*lowering).AnyOfTotal)},
	{"total", "a head whose BOS outweighs all keys adds up whole numbers, a digit at a time where they are large",
		[]facts.Source{facts.Whole}, alone((*lowering).Total)},
	{"rounded", "steps at the halves of a fraction, as heads bring it",
		[]facts.Source{facts.Whole}, alone((*lowering).Rounded)},
	{"row", "a neuron for each row of a table that is looked up",
		[]facts.Source{facts.Row}, alone((*lowering).byRow)},
	{"function", "a function of one variable is one of that variable",
		[]facts.Source{facts.Computed}, alone((*lowering).OfOne)},
	{"linear", "a linear form of operands, as it is",
		[]facts.Source{facts.Computed, facts.Whole}, alone((*lowering).Linearly)},
	{"staircase", "steps of a linear form of operands (thermometer code)",
		[]facts.Source{facts.Computed, facts.Whole}, alone((*lowering).Staircase)},
	{"sign of ints", "steps of the difference of two ints, for a comparison",
		[]facts.Source{facts.Computed}, alone((*lowering).SignOfInts)},
	{"chain", "a neuron for each condition of a chain, closed where one before it holds (priority encoder)",
		[]facts.Source{facts.Chosen}, alone((*lowering).Chain)},
	{"boxes", "a neuron for each box of states on which a table, or a decision diagram, is constant",
		[]facts.Source{facts.Computed, facts.Chosen}, (*lowering).Boxes},
	{"coarse", "boxes of the table of g in place of that of v, which tells fewer values apart",
		[]facts.Source{facts.Computed}, (*lowering).Coarse},
}

// alone is for constructions that offer the same whatever others do.
func alone(ask func(*lowering, *facts.Variable, []float64) *demand.Offer) func(*lowering, *facts.Variable, []float64, *demand.Offer) *demand.Offer {
	return func(l *lowering, v *facts.Variable, g []float64, _ *demand.Offer) *demand.Offer { return ask(l, v, g) }
}
