package corpus

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"rasp/runtime/atomicfile"
)

// indexFile says of each tensor in which file it is, as tools of Hugging Face want it.
const indexFile = "model.safetensors.index.json"

// writeIndex makes the index of all blocks, one after the other.
func (c *Corpus) writeIndex() error {
	size := int64(0)
	for block := range c.Blocks() {
		err := c.tensorsOf(block, func(_ string, t stored) { size += t.Offsets[1] - t.Offsets[0] })
		if err != nil {
			return err
		}
	}
	return atomicfile.Write(filepath.Join(c.Folder, "data", indexFile), func(to io.Writer) error {
		w := bufio.NewWriter(to)
		fmt.Fprintf(w, "{\n  \"metadata\": {\"total_size\": %d},\n  \"weight_map\": {", size) // an error stays with the writer
		comma := ""
		for block := range c.Blocks() {
			file := filepath.Base(c.dataFile(block))
			err := c.tensorsOf(block, func(name string, _ stored) {
				fmt.Fprintf(w, "%s\n    %q: %q", comma, name, file)
				comma = ","
			})
			if err != nil {
				return err
			}
		}
		fmt.Fprint(w, "\n  }\n}\n")
		return w.Flush()
	})
}

// tensorsOf a block, in the order of their names.
func (c *Corpus) tensorsOf(block int, visit func(name string, t stored)) error {
	f, err := os.Open(c.dataFile(block))
	if err != nil {
		return err
	}
	defer f.Close()
	tensors, _, err := headerOf(f)
	if err != nil {
		return damaged(f.Name(), err)
	}
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		visit(name, tensors[name])
	}
	return nil
}

// damaged is the error for a file of rows that cannot be read.
func damaged(file string, err error) error {
	return fmt.Errorf("%s is damaged: %w; without the folder's files of its number, it is made again", file, err)
}
