package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCommandsAlone: each command is found by its name, and says the same of itself where it is
// made alone as among all others.
func TestCommandsAlone(t *testing.T) {
	var started bool
	for _, cmd := range newRoot(&started).Commands() {
		if name := cmd.Name(); name != "help" {
			alone, _, err := rootFor([]string{name}, &started).Find([]string{name})
			if assert.NoError(t, err) && assert.Equal(t, name, alone.Name()) {
				assert.Equal(t, cmd.UsageString(), alone.UsageString())
			}
			assert.False(t, alone.HasParent() && len(alone.Parent().Commands()) > 1, name)
		}
	}
}
