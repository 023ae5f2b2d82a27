// Package attention computes softmax attention over blocks of keys, never
// holding the scores of all pairs of positions.
package attention
