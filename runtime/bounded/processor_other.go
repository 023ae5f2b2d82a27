//go:build !unix

package bounded

import "time"

// processorTime is not known: mostWait alone ends what waits.
func processorTime() time.Duration { return 0 }
