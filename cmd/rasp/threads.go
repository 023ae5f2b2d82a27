package main

import (
	"fmt"
	goruntime "runtime"
	"strconv"

	"github.com/spf13/cobra"
)

// mostThreads is more than any machine has use for; each goroutine takes memory.
const mostThreads = 1024

// threadCount is the value of --threads, from 1 to mostThreads.
type threadCount int

// String is for the flag parser.
func (t *threadCount) String() string { return strconv.Itoa(int(*t)) }

// Set is for the flag parser, which says what was wrong in words of kindOf.
func (t *threadCount) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostThreads {
		return fmt.Errorf("not %s", kindOfThreads)
	}
	*t = threadCount(n)
	return nil
}

// Type is what help calls the value.
func (t *threadCount) Type() string { return "int" }

var kindOfThreads = fmt.Sprintf("an int from 1 to %d", mostThreads)

// registerThreads adds the flag --threads, by default one a core; its help is the same on
// every machine.
func registerThreads(cmd *cobra.Command, threads *int, usage string) {
	*threads = goruntime.NumCPU()
	cmd.Flags().Var((*threadCount)(threads), "threads", usage)
	cmd.Flags().Lookup("threads").DefValue = "one a core"
}
