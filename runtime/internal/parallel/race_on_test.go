//go:build race

package parallel

const race = true
