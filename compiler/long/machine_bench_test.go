package long_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/runtime"
)

// BenchmarkMachines writes what the computers do, token by token: texts of 1,000, 8,000 and 64,000
// tokens in models of length 65,536. "plain" is the forward pass as it is for any block of
// positions, through all numbers and all keys, for the last tokens of the text, two at a time.
func BenchmarkMachines(b *testing.B) {
	const length = 1 << 16
	counting, counted := counters([]string{"incA", "incA", "jzA+4", "decA", "incB", "jzC-3", "jzC-6"}, length-1)
	subtracting, subtracted := subleq(32, []int{9, 11, 3, 11, 10, 6, 11, 11, 6, 5, 7, 31: 0}, 0, length-1)
	for _, c := range []struct {
		name   string
		text   []string
		prompt int
	}{{"counter_machine", counting, counted}, {"subleq", subtracting, subtracted}} {
		b.Run(c.name, func(b *testing.B) {
			m := machineOf(b, c.name, length)
			outputs, d := compilertest.Parse(b, c.name, m.text)
			compiled, _, err := compiler.Compile(outputs, d, compilertest.At(1))
			require.NoError(b, err)
			var ids []int
			for _, token := range c.text {
				ids = append(ids, m.ids[token])
			}
			s := runtime.NewSession(compiled)
			for _, n := range []int{1000, 8000, 64000} {
				b.Run(fmt.Sprintf("%d/steps", n), func(b *testing.B) {
					for b.Loop() {
						write(b, s, ids[:n], c.prompt)
					}
					b.ReportMetric(float64(b.N)*float64(n-c.prompt)/b.Elapsed().Seconds(), "tokens/s")
				})
				b.Run(fmt.Sprintf("%d/plain", n), func(b *testing.B) {
					const last = 200
					write(b, s, ids[:n-last], c.prompt)
					for b.Loop() {
						s.Truncate(n - last)
						for i := n - last; i < n; i += 2 {
							_, err := s.Prefill(ids[i : i+2])
							require.NoError(b, err)
						}
					}
					b.ReportMetric(float64(b.N)*last/b.Elapsed().Seconds(), "tokens/s")
				})
			}
		})
	}
}

// write reads the prompt of a text and steps through the rest.
func write(b *testing.B, s *runtime.Session, ids []int, prompt int) {
	s.Reset()
	_, err := s.Prefill(ids[:prompt])
	for _, id := range ids[prompt:] {
		if err == nil {
			_, err = s.Step(id)
		}
	}
	require.NoError(b, err)
}
