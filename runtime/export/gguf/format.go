package gguf

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"rasp/runtime/export"
	"rasp/runtime/export/tokenizer"
)

// The format, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
const (
	magic, version = "GGUF", 3
	alignment      = 32

	uint32Type, int32Type, float32Type, boolType, stringType, arrayType = 4, 5, 6, 7, 8, 9

	float32Tensor = 0

	normalToken, controlToken = 1, 3
)

// file is a file that is being made: key-value pairs, then tensors.
type file struct {
	pairs   []byte
	count   uint64
	tensors []export.Tensor
}

func (f *file) key(name string, kind uint32) {
	f.count++
	f.pairs = binary.LittleEndian.AppendUint32(appendText(f.pairs, name), kind)
}

func (f *file) number(name string, x int) {
	f.key(name, uint32Type)
	f.pairs = binary.LittleEndian.AppendUint32(f.pairs, uint32(x))
}

func (f *file) float(name string, x float32) {
	f.key(name, float32Type)
	f.pairs = binary.LittleEndian.AppendUint32(f.pairs, math.Float32bits(x))
}

func (f *file) flag(name string, x bool) {
	f.key(name, boolType)
	if x {
		f.pairs = append(f.pairs, 1)
	} else {
		f.pairs = append(f.pairs, 0)
	}
}

func (f *file) text(name, x string) {
	f.key(name, stringType)
	f.pairs = appendText(f.pairs, x)
}

// list begins an array of n elements.
func (f *file) list(name string, elements uint32, n int) {
	f.key(name, arrayType)
	f.pairs = binary.LittleEndian.AppendUint32(f.pairs, elements)
	f.pairs = binary.LittleEndian.AppendUint64(f.pairs, uint64(n))
}

func (f *file) texts(name string, list []string) {
	f.list(name, stringType, len(list))
	for _, x := range list {
		f.pairs = appendText(f.pairs, x)
	}
}

// vocabulary writes the tokens as those of GPT-2 stand in a file: each byte as a
// character that can be seen.
func (f *file) vocabulary(names []string, t tokenizer.Tokenizer) {
	f.text("tokenizer.ggml.model", "gpt2")
	f.text("tokenizer.ggml.pre", "default")
	visible := make([]string, len(names))
	for i, name := range names {
		visible[i] = seen(name)
	}
	f.texts("tokenizer.ggml.tokens", visible)
	f.list("tokenizer.ggml.token_type", int32Type, len(names))
	for id := range names {
		kind := uint32(normalToken)
		if id == t.BOS() || id == t.Begin || id == t.End {
			kind = controlToken
		}
		f.pairs = binary.LittleEndian.AppendUint32(f.pairs, kind)
	}
	f.texts("tokenizer.ggml.merges", merges(names))
	f.number("tokenizer.ggml.bos_token_id", t.BOS())
	end := t.BOS() // which never comes next
	if t.End >= 0 {
		end = t.End
	}
	f.number("tokenizer.ggml.eos_token_id", end)
	f.flag("tokenizer.ggml.add_bos_token", true)
}

// merges put the bytes of characters together; words are too many pieces for that. Readers
// insist on one merge at least: the first never happens.
func merges(names []string) []string {
	list := []string{seen("\x00") + " " + seen("\x00")}
	for _, name := range names {
		if utf8.RuneCountInString(name) > 1 {
			continue
		}
		for i := 1; i < len(name); i++ {
			list = append(list, seen(name[:i])+" "+seen(name[i:i+1]))
		}
	}
	return list
}

// seen is a text with each byte as the character that GPT-2 has for it: itself if it is
// printed in Latin-1, else one from 256 on.
func seen(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteRune(bytesSeen[c])
	}
	return b.String()
}

var bytesSeen = func() (list [256]rune) {
	next := rune(256)
	for c := range list {
		if c >= '!' && c <= '~' || c >= '¡' && c <= '¬' || c >= '®' && c <= 'ÿ' {
			list[c] = rune(c)
		} else {
			list[c], next = next, next+1
		}
	}
	return list
}()

func appendText(to []byte, text string) []byte {
	return append(binary.LittleEndian.AppendUint64(to, uint64(len(text))), text...)
}

// head is all up to the data.
func (f *file) head() []byte {
	head := append([]byte(magic), binary.LittleEndian.AppendUint32(nil, version)...)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(f.tensors)))
	head = binary.LittleEndian.AppendUint64(head, f.count)
	head = append(head, f.pairs...)
	offset := uint64(0)
	for _, t := range f.tensors {
		head = binary.LittleEndian.AppendUint32(appendText(head, t.Name), uint32(len(t.Shape)))
		for _, d := range slices.Backward(t.Shape) { // the innermost first
			head = binary.LittleEndian.AppendUint64(head, uint64(d))
		}
		head = binary.LittleEndian.AppendUint32(head, float32Tensor)
		head = binary.LittleEndian.AppendUint64(head, offset)
		offset += uint64(t.Size()) + uint64(padding(t.Size()))
	}
	return append(head, make([]byte, padding(int64(len(head))))...)
}

// padding is what a part of that size lacks to the alignment.
func padding(size int64) int64 { return (alignment - size%alignment) % alignment }

func (f *file) file(name string) export.File {
	head := f.head()
	size := int64(len(head))
	for _, t := range f.tensors {
		size += t.Size() + padding(t.Size())
	}
	return export.File{Name: name, Size: size, Write: func(to io.Writer) error {
		out := bufio.NewWriter(to)
		out.Write(head) // an error stays with the writer
		for _, t := range f.tensors {
			if err := t.Write(out); err != nil {
				return err
			}
			out.Write(make([]byte, padding(t.Size())))
		}
		return out.Flush()
	}}
}
