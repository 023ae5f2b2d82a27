package construct

const (
	// Border is how far a logit must be below the largest to have no probability: half of
	// the smallest float32 is exp(-103.97), see package rasp/lang/predict.
	Border = 104

	// ProbabilityError is how far a probability of a model may be off, relative to itself.
	ProbabilityError = 1e-5
)
