package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Once writes content to path if no file is there, and gives what is there then: what the
// settings are to which a folder is made, for one.
func Once(path string, content []byte) (have []byte, err error) {
	if have, err = os.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
		return have, err
	}
	return content, Write(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
