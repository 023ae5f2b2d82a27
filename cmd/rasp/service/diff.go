package service

// hunk replaces the lines from up to to of one text by the lines start up to stop of another.
type hunk struct{ from, to, start, stop int }

// lines of the text, each with its end.
func (t *Text) lines() (list []string) {
	for i, start := range t.starts {
		end := len(t.text)
		if i+1 < len(t.starts) {
			end = t.starts[i+1]
		}
		if start < end {
			list = append(list, t.text[start:end])
		}
	}
	return list
}

// mostCompared bounds the work of comparing lines with each other.
const mostCompared = 4_000_000

// differences between two texts: a longest common subsequence of lines stays. Long texts
// that differ much are one hunk.
func differences(a, b []string) []hunk {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if int64(len(x))*int64(len(y)) > mostCompared {
		return []hunk{{head, head + len(x), head, head + len(y)}}
	}
	lengths := commonLengths(x, y)
	var list []hunk
	for i, j := 0, 0; i < len(x) || j < len(y); {
		if i < len(x) && j < len(y) && x[i] == y[j] {
			i, j = i+1, j+1
			continue
		}
		h := hunk{from: head + i, start: head + j}
		for (i < len(x) || j < len(y)) && !(i < len(x) && j < len(y) && x[i] == y[j]) {
			if j == len(y) || i < len(x) && lengths[i+1][j] >= lengths[i][j+1] {
				i++
			} else {
				j++
			}
		}
		h.to, h.stop = head+i, head+j
		list = append(list, h)
	}
	return list
}

// commonLengths has, for what is left of both, the length of a longest common subsequence.
func commonLengths(x, y []string) [][]int32 {
	lengths := make([][]int32, len(x)+1)
	for i := range lengths {
		lengths[i] = make([]int32, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}
