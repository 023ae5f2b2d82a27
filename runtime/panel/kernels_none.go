//go:build !amd64 || noasm

package panel

// vectors: there is no assembly here.
var vectors = plain

func sparse(s *Sparse, y, x Panel, positions int, mode Mode) {
	genericSparse(s, y, x, positions, mode)
}

func attend(h *Head, s *Scratch, from, n int) int { return genericAttend(h, s, from, n) }

func query(h *Head, s *Scratch, i int) { genericQuery(h, s, i) }

func vector(y, x, w []float32, stride int) { genericVector(y, x, w, stride) }

func largest(list []int32, x Panel, rows, positions int) { genericLargest(list, x, rows, positions) }
