package gemm

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMulBiasReLU(t *testing.T) {
	c := Dense(2, 2, []float32{1, 1, 1, 1})
	op := Op{Alpha: 1, Beta: 10, Bias: []float32{-100, 1}, ReLU: true}
	Mul(op, Dense(2, 1, []float32{1, 2}), Dense(1, 2, []float32{3, 4}), c)
	assert.Equal(t, []float32{0, 15, 0, 19}, c.Data)
}
