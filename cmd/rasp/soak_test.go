package main

import (
	"context"
	"flag"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var soak = flag.Int("soak", 10, "how often TestSoak runs each command between two looks at memory")

// TestSoak: commands that go on for long hold no more memory and no more goroutines after
// many runs than after the first ones.
func TestSoak(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFiles(t, goodFiles(t), nil, "")
	const slack = 1 << 20 // bytes: caches that fill once
	for _, line := range []string{
		"verify good.safetensors --exhaustive", "verify good.rasp --samples 50 --length 6", "generate good.rasp --prompt a --tokens 200 --at-end slide",
		"generate good.safetensors --prompt a --tokens 3", "perplexity good.rasp good.txt", "perplexity good.safetensors good.txt --stride 1",
	} {
		many := func() (bytes uint64, goroutines int) {
			for range *soak {
				status, _, stderr := executed(context.Background(), nil, strings.Fields(line)...)
				require.Zero(t, status, "%s: %s", line, stderr)
			}
			runtime.GC()
			runtime.GC() // what finalizers held
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc, runtime.NumGoroutine()
		}
		many()
		bytes, goroutines := many()
		after, still := many()
		require.LessOrEqual(t, after, bytes+slack, line)
		require.LessOrEqual(t, still, goroutines, line)
	}
}
