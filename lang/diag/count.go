package diag

import "fmt"

// Count says how many there are: "1 token", "2 tokens". The plural of the noun is regular.
func Count[N int | int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
