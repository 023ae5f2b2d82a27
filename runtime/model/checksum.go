package model

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
)

// checksum is the SHA-256 of the weights, as their bytes stand in a file that
// holds the tensors in the order of their names.
func (m *Model) checksum() string {
	hash := sha256.New()
	for _, t := range m.byName() {
		writeFloats(hash, *t.Data) // a hash never fails
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// compareChecksum compares the weights with what the metadata says of them. A
// file without a checksum was not written here, so nothing is proved about it.
func (m *Model) compareChecksum(metadata map[string]string) error {
	text, ok := metadata[keyChecksum]
	if !ok {
		m.Certificate = Certificate{}
		return nil
	}
	if text != m.checksum() {
		return errors.New(`the weights are not those that were compiled: the file is damaged, or edited ` +
			`(without "checksum" in its metadata it can be loaded, and has no certificate)`)
	}
	return nil
}

// byName lists the tensors in the order of their names.
func (m *Model) byName() []Tensor {
	tensors := m.Tensors()
	slices.SortFunc(tensors, func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
	return tensors
}
