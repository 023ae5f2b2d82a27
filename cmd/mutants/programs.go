package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rasp/compiler/sample"
	"rasp/lang"
	"rasp/lang/domain"
	"rasp/lang/golden"
	"rasp/lang/graph"
	"rasp/stdlib"
)

// program is one of the fixed set.
type program struct {
	Name, Text string
	outputs    []graph.Output
	domain     domain.Domain
}

// longest is the longest input of a ready-made program, so that it compiles in little time.
const longest = 8

// edges are the golden programs that a change in one condition makes wrong; all are there.
const edges = "edges.rasp "

// programs are so many: half of them golden programs, and the ready-made ones for short
// inputs, the others random ones, of each kind in turn.
func programs(root string, n int) ([]program, error) {
	list, err := goldenPrograms(root)
	if err != nil {
		return nil, err
	}
	ready, err := readyPrograms()
	if err != nil {
		return nil, err
	}
	list = slices.Concat(list, ready)
	slices.SortStableFunc(list, func(p, q program) int { return cmp.Compare(rank(p), rank(q)) })
	first := slices.IndexFunc(list, func(p program) bool { return rank(p) > 0 })
	list = append(list[:min(first, n/2):first], evenly(list[first:], n/2-first)...)
	kinds := sample.Kinds()
	for seed := uint64(1); len(list) < n; seed++ {
		kind := kinds[seed%uint64(len(kinds))]
		text := sample.Program(rand.New(rand.NewPCG(seed, 1)), kind)
		if p, ok := parsed(fmt.Sprintf("%s %d", kind, seed), text); ok {
			list = append(list, p)
		}
	}
	return list, nil
}

// rank puts the edges first.
func rank(p program) int {
	if strings.HasPrefix(p.Name, edges) {
		return 0
	}
	return 1
}

// evenly chooses so many of a list, if it has more.
func evenly(list []program, n int) (some []program) {
	if n >= len(list) {
		return list
	}
	for i := range max(n, 0) {
		some = append(some, list[i*len(list)/n])
	}
	return some
}

func readyPrograms() (list []program, err error) {
	files, err := fs.Glob(stdlib.FS, "*.rasp")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := fs.ReadFile(stdlib.FS, file)
		if err != nil {
			return nil, err
		}
		if p, ok := parsed(file, string(text)); ok {
			p.domain.Length = min(p.domain.Length, longest)
			list = append(list, p)
		}
	}
	return list, nil
}

func goldenPrograms(root string) (list []program, err error) {
	files, err := filepath.Glob(filepath.Join(root, "testdata", "compile", "*.rasp"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		chunks, err := golden.Read(file, string(text))
		if err != nil {
			return nil, err
		}
		for _, c := range chunks {
			if p, ok := parsed(filepath.Base(file)+" "+c.Title, c.Text); ok {
				list = append(list, p)
			}
		}
	}
	return list, nil
}

// parsed is a program that names its domain; false if it does not, or is none.
func parsed(name, text string) (program, bool) {
	parsed, faults := lang.Parse(name, text)
	if faults.Err() != nil {
		return program{}, false
	}
	d, wrong := parsed.Domain()
	outputs, fault := parsed.Outputs(nil, d.Vocab)
	if wrong != nil || fault != nil || len(d.Vocab) == 0 || d.Length == 0 || len(outputs) == 0 {
		return program{}, false
	}
	return program{name, text, outputs, d}, true
}
