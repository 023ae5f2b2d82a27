package suite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"rasp/runtime/model"
)

// level is something that is done to a compiled model.
type level struct {
	about string
	// disguise makes another model of one, by a seed, and writes into a folder how the two
	// belong together; nil at level 0. A model that it does not fit is *unfit.
	disguise func(ctx context.Context, m *model.Model, seed uint64, folder string) (*model.Model, error)
}

// levels are all that there are, by number.
var levels = []level{
	{"as compiled", nil},
}

// Levels is how many there are.
func Levels() int { return len(levels) }

// disguised is the folder of a model at a level above 0; it is made if it is not there.
func (o *Options) disguised(ctx context.Context, base Item, l int) (Item, error) {
	item := base
	item.Name, item.Level, item.Outputs = fmt.Sprintf("%s-level%d", base.Name, l), l, nil
	have, err := readItem(filepath.Join(o.Folder, item.Name))
	if !errors.Is(err, fs.ErrNotExist) {
		return have, err
	}
	compiled, err := model.Load(filepath.Join(o.Folder, base.Name, modelFile))
	if err != nil {
		return item, err
	}
	return item, o.folder(item.Name, func(folder string) error {
		m, err := levels[l].disguise(ctx, compiled, o.Seed+streamOf(item.Name), folder)
		if err != nil {
			return err
		}
		item.size(m)
		return fill(filepath.Join(folder, modelFile), m.Write)
	}, &item)
}
