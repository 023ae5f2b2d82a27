package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
)

// The digest in the metadata is the SHA-256 of the whole file, every byte of its header
// and of its data, with 64 zeros in the place of the digest itself. So what gives an
// answer its meaning is covered as the weights are, and so is what the metadata will
// hold one day.

// noDigest stands where the digest will.
var noDigest = strings.Repeat("0", 2*sha256.Size)

// newDigest starts the digest of a file with its header, which has its digest there.
func newDigest(header []byte, at int) hash.Hash {
	h := sha256.New()
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) // a hash never fails
	h.Write(header[:at])
	h.Write([]byte(noDigest))
	h.Write(header[at+len(noDigest):])
	return h
}

// digestIn is where the digest stands in a header, which must have it, as it is written,
// once. Within a string of JSON its quotes would not stand alone.
func digestIn(header []byte, digest string) (int, error) {
	before := `"` + keyDigest + `":"`
	place := []byte(before + digest + `"`)
	if len(digest) != len(noDigest) || bytes.Count(header, place) != 1 {
		return 0, errDigest
	}
	return bytes.Index(header, place) + len(before), nil
}

var errDigest = errors.New(`the file is not the one that was written: it is damaged, or edited ` +
	`(without "digest" in its metadata it can be loaded, and has no certificate)`)

// digestOf tells a file whose header is read from others: hash takes the data that
// follows, and check then compares it with the digest. A file without one may hold
// anything, so nothing is proved about it.
func digestOf(header []byte, metadata map[string]string) (hash hash.Hash, check func(*Model) error, err error) {
	digest, ok := metadata[keyDigest]
	if !ok {
		return sha256.New(), func(m *Model) error {
			m.Certificate = Certificate{}
			return nil
		}, nil
	}
	at, err := digestIn(header, digest)
	if err != nil {
		return nil, nil, err
	}
	hash = newDigest(header, at)
	return hash, func(*Model) error {
		if hex.EncodeToString(hash.Sum(nil)) != digest {
			return errDigest
		}
		return nil
	}, nil
}
