// Package langtest reads programs for the tests of other packages.
package langtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/graph"
)

// Outputs are those of a program that says its domain by directives, and that domain.
func Outputs(t testing.TB, text string) ([]graph.Output, domain.Domain) {
	t.Helper()
	p, faults := lang.Parse("test.rasp", text)
	require.NoError(t, faults.Err(), text)
	d, fault := p.Domain()
	require.Nil(t, fault, text)
	outputs, fault := p.Outputs(nil, d.Vocab)
	require.Nil(t, fault, text)
	return outputs, d
}
