package compiler

import "slices"

// construction is a row of the table of ways to get a function of a variable.
type construction struct {
	name    string
	what    string
	sources []variableKind // of which it reads functions
	// ask for an offer of the function g of v; nil if the construction does not do that. best is
	// the best offer so far, nil if there is none.
	ask func(l *lowering, v *variable, g []float64, best *offer) *offer
}

func (c *construction) reads(kind variableKind) bool { return slices.Contains(c.sources, kind) }

// constructions in the order in which they are asked: of several offers that are there
// at one time the first wins.
var constructions = []construction{
	{"embedded", "any function of the token or of the position alone is a column of the embedding",
		[]variableKind{tokenVariable, positionVariable}, alone((*lowering).embedded)},
	{"copy", "a head copies a code of the one key that a row selects",
		[]variableKind{fetchVariable}, alone((*lowering).fetched)},
	{"any", "a head brings 1 where a row selects something, BOS 0 where it does not",
		[]variableKind{anyVariable}, alone((*lowering).any)},
	{"any of a mean", "any, where nothing but that is asked of a mean: a value that is not 0, or one that is",
		[]variableKind{meanVariable}, alone((*lowering).averageAny)},
	{"count", "a head whose BOS outweighs all keys adds up ones: how many keys a row selects",
		[]variableKind{lengthVariable, widthVariable}, alone((*lowering).count)},
	{"count of a mean", "count, where nothing but the width of the row is asked of a mean",
		[]variableKind{meanVariable}, alone((*lowering).averageWidth)},
	{"mean", "the output of a head that averages, as it is",
		[]variableKind{meanVariable}, alone((*lowering).averageFraction)},
	{"sum", "a head whose BOS outweighs all keys adds up their values",
		[]variableKind{meanVariable}, alone((*lowering).averageSum)},
	{"zeros", "count less sum: how many selected keys have the value 0, where all others have one",
		[]variableKind{meanVariable}, alone((*lowering).averageZeros)},
	{"thresholds", "steps of the output of a head that averages",
		[]variableKind{meanVariable}, alone((*lowering).averageItself)},
	{"moments", "steps of sum and width as one number (mixed radix)",
		[]variableKind{meanVariable}, alone((*lowering).averageMoments)},
	{"type", "steps of the sum of a weight for each type",
		[]variableKind{meanVariable}, alone((*lowering).averageKind)},
	{"sign", "steps of the difference of two means, for a comparison",
		[]variableKind{comparisonVariable}, alone((*lowering).compared)},
	{"row", "a neuron for each row of a table that is looked up",
		[]variableKind{rowVariable}, alone((*lowering).byRow)},
	{"function", "a function of one variable is one of that variable",
		[]variableKind{computedVariable}, alone((*lowering).ofOne)},
	{"linear", "a linear form of operands, as it is",
		[]variableKind{computedVariable}, alone((*lowering).linearly)},
	{"staircase", "steps of a linear form of operands (thermometer code)",
		[]variableKind{computedVariable}, alone((*lowering).staircase)},
	{"boxes", "a neuron for each box of states on which a table, or a decision diagram, is constant",
		[]variableKind{computedVariable}, (*lowering).boxes},
	{"coarse", "the same for the table of the function itself, which tells fewer values apart",
		[]variableKind{computedVariable}, (*lowering).coarse},
}

// alone is for constructions that offer the same whatever others do.
func alone(ask func(*lowering, *variable, []float64) *offer) func(*lowering, *variable, []float64, *offer) *offer {
	return func(l *lowering, v *variable, g []float64, _ *offer) *offer { return ask(l, v, g) }
}
