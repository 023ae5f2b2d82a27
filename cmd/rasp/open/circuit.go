package open

import (
	"context"
	"io"

	"rasp/runtime/circuit"
	"rasp/runtime/circuit/format"
	"rasp/runtime/model"
)

// Circuit is the circuit of a model; so many pairs of inputs are tried on each edge to show
// that it moves, or is necessary.
func Circuit(ctx context.Context, m *model.Model, tried int, seed uint64) (*circuit.Graph, error) {
	pairs, err := Pairs(m)
	if err != nil {
		return nil, err
	}
	return circuit.Of(ctx, m, pairs(tried, seed))
}

// WriteCircuit writes all of a circuit as docs/circuit.schema.json has it.
func WriteCircuit(to io.Writer, g *circuit.Graph) error {
	asJSON, _ := format.Named("json")
	return asJSON.Write(to, g, circuit.Static)
}
