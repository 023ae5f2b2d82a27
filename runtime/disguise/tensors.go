package disguise

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
)

// Array is a named array of float64, row-major.
type Array struct {
	Name  string
	Shape []int
	Data  []float64
}

func arrayOf(name string, m matrix) Array { return Array{name, []int{m.rows, m.cols}, m.a} }

// WriteArrays writes a safetensors file (huggingface.co/docs/safetensors) of type F64.
func WriteArrays(to io.Writer, arrays []Array) error {
	type entry struct {
		DType   string   `json:"dtype"`
		Shape   []int    `json:"shape"`
		Offsets [2]int64 `json:"data_offsets"`
	}
	header, end := map[string]entry{}, int64(0)
	for _, a := range arrays {
		size := 8 * int64(len(a.Data))
		header[a.Name] = entry{"F64", a.Shape, [2]int64{end, end + size}}
		end += size
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(text)%8 != 0 { // so that the data is aligned
		text = append(text, ' ')
	}
	out := bufio.NewWriter(to)
	out.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))) // an error stays with the writer
	out.Write(text)
	var number [8]byte
	for _, a := range arrays {
		for _, x := range a.Data {
			binary.LittleEndian.PutUint64(number[:], math.Float64bits(x))
			out.Write(number[:])
		}
	}
	return out.Flush()
}
