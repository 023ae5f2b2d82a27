package corpus

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"slices"
)

// A file of safetensors has the weights of all programs of a block, zeros too, each tensor as
// ID.NAME; beside it are the other columns as lines of JSON. The weights that are not 0 are in
// memory until the file is written, since its header comes first.
type safetensors struct {
	to   io.Writer
	rows rows
	kept []*Row // weights and tensors
}

func newSafetensors(to, beside io.Writer) rows { return &safetensors{to: to, rows: newLines(beside)} }

func (s *safetensors) write(r *Row) error {
	s.kept = append(s.kept, &Row{ID: r.ID, Parameters: r.Parameters, Tensors: r.Tensors, Places: r.Places, Weights: r.Weights})
	others := *r
	others.Places, others.Weights = nil, nil
	return s.rows.write(&others)
}

// stored is a tensor in the header: Offsets are its first byte and the byte after its last,
// counted from the end of the header.
type stored struct {
	DType   string   `json:"dtype"`
	Shape   []int32  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

const (
	mostHeader   = 100_000_000 // bytes that safetensors allows
	float32Type  = "F32"
	headerPrefix = 8 // bytes: how long the header is
)

func (s *safetensors) close() error {
	if err := s.rows.close(); err != nil {
		return err
	}
	header, err := s.header()
	if err != nil {
		return err
	}
	w := bufio.NewWriter(s.to)
	_, _ = w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) // an error stays with the writer
	_, _ = w.Write(header)
	for _, r := range s.kept {
		for _, x := range r.elements() {
			_, _ = w.Write(binary.LittleEndian.AppendUint32(w.AvailableBuffer(), math.Float32bits(x)))
		}
	}
	return w.Flush()
}

// header is an object with a member for each tensor, in the order of the data.
func (s *safetensors) header() ([]byte, error) {
	text, end := []byte(`{"__metadata__":{"format":"pt"}`), int64(0)
	for _, r := range s.kept {
		for _, t := range r.Tensors {
			begin := end
			end += 4 * int64(t.elements())
			member, err := json.Marshal(stored{float32Type, t.Shape, [2]int64{begin, end}})
			if err != nil {
				return nil, err
			}
			text = fmt.Appendf(text, `,"%s.%s":%s`, r.ID, t.Name, member)
		}
	}
	text = append(text, '}')
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	if len(text) > mostHeader {
		return nil, fmt.Errorf("%d programs are too many for one file of safetensors, whose header may have %d bytes; choose a smaller \"block\"", len(s.kept), mostHeader)
	}
	return text, nil
}

// headerOf a file, by the names of tensors, and where the data begins.
func headerOf(from *os.File) (map[string]stored, int64, error) {
	size := make([]byte, headerPrefix)
	if _, err := from.ReadAt(size, 0); err != nil {
		return nil, 0, err
	}
	n := binary.LittleEndian.Uint64(size)
	if n > mostHeader {
		return nil, 0, errors.New("its header is too long")
	}
	text := make([]byte, n)
	if _, err := from.ReadAt(text, headerPrefix); err != nil {
		return nil, 0, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, 0, err
	}
	delete(members, "__metadata__")
	tensors := make(map[string]stored, len(members))
	for name, member := range members {
		var t stored
		if err := json.Unmarshal(member, &t); err != nil {
			return nil, 0, err
		}
		tensors[name] = t
	}
	return tensors, headerPrefix + int64(n), nil
}

func readSafetensors(from *os.File) (iter.Seq2[*Row, error], error) {
	tensors, data, err := headerOf(from)
	if err != nil {
		return nil, err
	}
	return func(yield func(*Row, error) bool) {
		beside, err := os.Open(from.Name() + besideEnding)
		if err != nil {
			yield(nil, err)
			return
		}
		defer beside.Close()
		others, _ := readLines(beside)
		for r, err := range others {
			if err == nil {
				err = r.checkSizes()
			}
			for i := 0; err == nil && i < len(r.Tensors); i++ {
				err = r.readTensor(from, data, tensors, r.Tensors[i])
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}, nil
}

// readTensor appends the elements of a tensor.
func (r *Row) readTensor(from io.ReaderAt, data int64, tensors map[string]stored, t Tensor) error {
	name := r.ID + "." + t.Name
	at, ok := tensors[name]
	if n := 4 * int64(t.elements()); !ok || !slices.Equal(at.Shape, t.Shape) || at.DType != float32Type || at.Offsets[1]-at.Offsets[0] != n {
		return fmt.Errorf("tensor %s is not there, or of another shape", name)
	}
	bytes := make([]byte, at.Offsets[1]-at.Offsets[0])
	if _, err := from.ReadAt(bytes, data+at.Offsets[0]); err != nil && len(bytes) > 0 {
		return err
	}
	for b := range slices.Chunk(bytes, 4) {
		r.Weights = append(r.Weights, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return nil
}
