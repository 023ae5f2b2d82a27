package model

import "fmt"

// A file says in its header what it asks for, and is refused there, before anything is
// allocated for it:
//
//   - Dense weights take as much memory as they take of the file, however many.
//   - Sparse weights take three times that, and a few bytes for each row of their
//     matrices (a bias counts as many as it has elements), of which there are at most
//     mostRows in all tensors of a file together.
//     W_pos, which the engine unfolds, has at most mostUnfolded elements. What would be
//     more is stored dense, so that any model can be written and read.
//   - The header has as many tensors as the largest models, and lists no longer than
//     the dimensions that its tensors have. JSON takes some ten times its size as data.
const (
	// maxHeader is the largest header that readers of safetensors accept, in bytes
	// (the limit of the reference implementation).
	maxHeader = 100_000_000
	// mostTensors is how many tensors a file has: those of 10,000 layers.
	mostTensors = 1 << 17
	// mostRows is how many rows the sparse tensors of a file have together, 128 MB.
	mostRows = 1 << 24
	// mostUnfolded is how many elements a sparse W_pos has, 2 GB.
	mostUnfolded = 1 << 29
	// valuesEach is how many values of JSON there are for a tensor or a label, more than
	// there should be; valuesBeside how many more.
	valuesEach, valuesBeside = 16, 4096
)

// size of a text of JSON: its objects, and its values and keys, counted generously.
type size struct{ objects, values int }

// sizeOf measures a text, which need not be valid.
func sizeOf[T string | []byte](text T) (s size) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringLength(text[i:]) - 1
		case '{':
			s.objects++
			s.values++
		case '[', ',', ':':
			s.values++
		}
	}
	return s
}

// stringLength is the length of the string of JSON with which text begins, quotes
// included; that of text if it does not end.
func stringLength[T string | []byte](text T) int {
	for at := 1; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}

// checkHeader refuses a header of more tensors, or of more about them, than files have.
func checkHeader(text []byte) error {
	s := sizeOf(text)
	if s.objects > mostTensors+2 {
		return fmt.Errorf("header: more than %d tensors", mostTensors)
	}
	if s.values > valuesEach*s.objects+valuesBeside {
		return fmt.Errorf("header: %d values of JSON are too many for %d tensors", s.values, max(0, s.objects-2))
	}
	return nil
}

// checkLists refuses metadata with lists that are longer than the dimensions of the
// model, which are those of its tensors.
func (f *fileConfig) checkLists(key, text string) error {
	longest := float64(f.Vocab) + float64(f.VocabOut) + float64(f.DModel) + float64(f.Layers)*(1+float64(f.Heads)+float64(f.DMLP))
	if s := sizeOf(text); float64(s.values) > valuesEach*longest+valuesBeside {
		return fmt.Errorf("metadata %q: %d values of JSON are too many for the dimensions of the model", key, s.values)
	}
	return nil
}

// budget is what the sparse tensors of a file may still ask for.
type budget struct{ rows int }

func newBudget() *budget { return &budget{mostRows} }

// take takes a sparse tensor out of the budget, or says why it does not fit.
func (b *budget) take(t Tensor) error {
	rows, _ := t.size()
	if t.matrix == nil { // it is unfolded
		rows = elements(t.Shape)
	}
	switch n := elements(t.Shape); {
	case n < 0 || rows < 0 || rows > b.rows:
		return fmt.Errorf("tensor %s of shape %v and the sparse tensors before it have more than %d rows together", t.Name, t.Shape, mostRows)
	case t.Name == positionsName && n > mostUnfolded:
		return fmt.Errorf("tensor %s of shape %v has more than %d elements", t.Name, t.Shape, mostUnfolded)
	}
	b.rows -= rows
	return nil
}

// checkSparse refuses sparse tensors of which one part is longer than the other, or that
// ask for too much. Shapes are those that the config asks for.
func checkSparse(entries []entry, targets []*stored) error {
	lengths, left := map[*stored]int{}, newBudget()
	for i, e := range entries {
		s, n := targets[i], elements(e.Shape)
		if !s.sparse {
			continue
		}
		first, known := lengths[s]
		if !known {
			lengths[s] = n
			continue
		}
		if first != n {
			return fmt.Errorf("tensor %s has %d indices and %d values, or the other way round", s.Name, first, n)
		}
		if err := left.take(s.Tensor); err != nil {
			return err
		}
	}
	return nil
}

// brief is a name as a message shows it.
func brief(name string) string {
	const longest = 80
	if len(name) > longest {
		return fmt.Sprintf("%q...", name[:longest])
	}
	return fmt.Sprintf("%q", name)
}
