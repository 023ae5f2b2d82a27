package export

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
)

// Safetensors is a file of tensors, with metadata, in the format of
// https://github.com/huggingface/safetensors.
func Safetensors(name string, tensors []Tensor, metadata map[string]string) File {
	size := int64(0)
	for _, t := range tensors {
		size += t.Size()
	}
	return File{name, size, func(to io.Writer) error {
		header, err := safetensorsHeader(tensors, metadata)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(to)
		out.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) // an error stays with the writer
		out.Write(header)
		for _, t := range tensors {
			if err := t.Write(out); err != nil {
				return err
			}
		}
		return out.Flush()
	}}
}

// safetensorsHeader is where each tensor stands in the data.
func safetensorsHeader(tensors []Tensor, metadata map[string]string) ([]byte, error) {
	type entry struct {
		DType   string   `json:"dtype"`
		Shape   []int    `json:"shape"`
		Offsets [2]int64 `json:"data_offsets"`
	}
	header, end := map[string]any{"__metadata__": metadata}, int64(0)
	for _, t := range tensors {
		header[t.Name] = entry{"F32", t.Shape, [2]int64{end, end + t.Size()}}
		end += t.Size()
	}
	text, err := json.Marshal(header)
	for len(text)%8 != 0 { // so that the data is aligned
		text = append(text, ' ')
	}
	return text, err
}
