// Package suite makes sets of models whose insides are known, for those who measure methods
// of interpretability: the circuit, the variables and the directions of each model are facts,
// not what another method found.
//
// In come programs, lengths and levels of disguise; out comes a folder with a folder for each
// model. All that is drawn depends on the seed and the program alone. A model's folder is
// written whole, and one that is there is taken as it is: so a run that was ended goes on where
// it was, and gives the same bytes as one that was not.
//
//	suite.go    what is asked for; programs side by side
//	worker.go   or one by one, on many machines
//	item.go     what the index says of a model
//	base.go     the folder of a compiled program: model, truths, inputs
//	pairs.go    clean and corrupt inputs
//	levels.go   what is done to a compiled model
//	random.go   programs by chance
//	settings.go what all models of a folder share
//	card.go     the index and the card; card_text.go what the card says
package suite

import (
	"context"
	"errors"
	"iter"
	"os"

	"rasp/cmd/rasp/batch"
	"rasp/lang"
)

// Options say which models there are to be.
type Options struct {
	Settings
	Folder  string
	Lengths []int // of the longest inputs; none: what each program says
	Levels  []int // beside 0, which is always there
	Random  int   // how many programs by chance
	Workers int   // at a time, 1 or more
	// Variants is how many models of each level above 0 there are, 1 or more, which differ in
	// what is drawn.
	Variants int
	// Made is told how many programs are done.
	Made func(programs int)
}

// Program is one that is compiled. Its name is that of its folders.
type Program struct {
	Name string
	*lang.Program
}

// LeftOut is a model that is not there.
type LeftOut struct {
	Program string `json:"program"`
	Length  int    `json:"length"` // 0: what the program says
	Level   int    `json:"level"`
	Reason  string `json:"reason"`
}

// Set is what was made, in the order of the programs, lengths and levels.
type Set struct {
	Items   []Item    `json:"items"`
	LeftOut []LeftOut `json:"left_out"`
	Digest  string    `json:"-"` // SHA-256 of the index, and so of all models
}

func (s *Set) add(o Set) {
	s.Items, s.LeftOut = append(s.Items, o.Items...), append(s.LeftOut, o.LeftOut...)
}

// Make makes the models that are not there, then the index and the card. The error is that of
// the context, of the files, or a *Conflict.
func Make(ctx context.Context, programs []Program, o Options) (*Set, error) {
	if err := os.MkdirAll(o.Folder, 0o777); err != nil {
		return nil, err
	}
	if err := o.settle(o.Folder); err != nil {
		return nil, err
	}
	parts, err := o.all(ctx, programs)
	if err != nil {
		return nil, err
	}
	set := &Set{}
	for _, p := range parts {
		set.add(p)
	}
	return set, o.describe(set)
}

// all makes the models of all programs, Workers programs at a time. The first error ends it.
func (o *Options) all(ctx context.Context, programs []Program) (sets []Set, err error) {
	type made struct {
		set Set
		err error
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err = batch.Each(ctx, numbers(len(programs)+o.Random), max(o.Workers, 1), func(i int) (m made) {
		m.err = o.one(ctx, programs, i, &m.set)
		return m
	}, func(m made) error {
		if m.err != nil {
			stop() // the programs behind, which would be waited for
			return m.err
		}
		sets = append(sets, m.set)
		o.Made(len(sets))
		return nil
	})
	return sets, err
}

// numbers are 0 to n-1.
func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := 0; i < n && yield(i, nil); i++ {
		}
	}
}

// one makes the models of a program: of those that are given, or then by chance.
func (o *Options) one(ctx context.Context, programs []Program, i int, set *Set) error {
	if i >= len(programs) {
		return o.byChance(ctx, i-len(programs), set)
	}
	for _, length := range o.lengths() {
		if err := o.models(ctx, programs[i], length, set); err != nil {
			return err
		}
	}
	return nil
}

// lengths are those that are asked for; 0 is what the program says.
func (o *Options) lengths() []int {
	if len(o.Lengths) == 0 {
		return []int{0}
	}
	return o.Lengths
}

// models makes those of a program and a length: as compiled, and at each level.
func (o *Options) models(ctx context.Context, p Program, length int, set *Set) error {
	base, err := o.base(ctx, p, length)
	var unfit *unfit
	if errors.As(err, &unfit) {
		set.LeftOut = append(set.LeftOut, LeftOut{p.Name, length, 0, unfit.reason})
		return nil
	}
	if err != nil {
		return err
	}
	set.Items = append(set.Items, base)
	for _, l := range o.Levels {
		for variant := range o.Variants {
			item, err := o.disguised(ctx, base, l, variant)
			if errors.As(err, &unfit) {
				set.LeftOut = append(set.LeftOut, LeftOut{p.Name, length, l, unfit.reason})
				continue
			}
			if err != nil {
				return err
			}
			set.Items = append(set.Items, item)
		}
	}
	return nil
}

// unfit is why there is no model of a program, which is no error of the set.
type unfit struct{ reason string }

func (u *unfit) Error() string { return u.reason }
