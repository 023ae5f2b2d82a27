//go:build !openblas

package openblas
