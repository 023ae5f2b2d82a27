package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// epoch is the date of all files: the earliest that a zip file has, as in wheels.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// file is what an archive holds under a name.
type file struct {
	data []byte
	mode fs.FileMode // permissions
}

// tarball packs files, sorted by name, into a .tar.gz; nobody owns them.
func tarball(files map[string]file) ([]byte, error) {
	var b bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(compressed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		head := &tar.Header{Name: name, Size: int64(len(f.data)), Mode: int64(f.mode), ModTime: epoch, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(head); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err = compressed.Close()
	return b.Bytes(), err
}

// zipped packs files, sorted by name, into a .zip.
func zipped(files map[string]file) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestCompression)
	})
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		head := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
		head.SetMode(f.mode)
		entry, err := w.CreateHeader(head)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
