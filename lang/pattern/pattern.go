// Package pattern has regular expressions cost nothing until they are used.
//
// A variable of a package that is a compiled expression is made each time the program starts,
// whatever the command: some forty of them took a tenth of the time that rasp version takes.
package pattern

import (
	"regexp"
	"sync"
)

// Of is a regular expression, compiled when it is first asked for. It panics then if it is
// none.
func Of(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
