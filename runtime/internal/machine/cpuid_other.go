//go:build !amd64 || noasm

package machine

// cpuid knows of nothing: all answers are 0.
func cpuid(_, _ uint32) (a, b, c, d uint32) { return }
