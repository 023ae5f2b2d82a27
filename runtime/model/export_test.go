package model

// What tests from outside of the package need to know of files.
const (
	MaxHeader  = maxHeader
	SparseFrom = sparseFrom
	KeyDigest  = keyDigest
)
