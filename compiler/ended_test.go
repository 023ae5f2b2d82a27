package compiler

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rasp/compiler/verify"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/runtime/model"
)

// A compilation whose context has ended gives no model, but the error of that.
func TestCompilationEnds(t *testing.T) {
	program, faults := lang.Parse("x", "x = tokens;")
	require.NoError(t, faults.Err())
	d := domain.Domain{Vocab: []value.Value{value.OfString("a")}, Length: 2}
	outputs, fault := program.Outputs(nil, d.Vocab)
	require.Nil(t, fault)
	engine := func(m *model.Model) verify.Engine { return runtime.NewSession(m) }
	ctx, end := context.WithCancel(context.Background())
	m, _, err := Compile(outputs, d, Options{Engine: engine, Context: ctx})
	require.NoError(t, err)
	require.NotNil(t, m)
	end()
	m, _, err = Compile(outputs, d, Options{Engine: engine, Context: ctx})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Nil(t, m)
}
