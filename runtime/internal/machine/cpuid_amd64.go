//go:build !noasm

package machine

// cpuid asks the CPU about itself: Intel, "Software Developer's Manual", volume 2A, CPUID;
// AMD, "Architecture Programmer's Manual", volume 3, appendix E.
func cpuid(leaf, part uint32) (a, b, c, d uint32)
