package suite

import (
	"context"
	"fmt"
	"math/rand/v2"

	"rasp/compiler/sample"
	"rasp/lang"
)

// Programs by chance are tried until one is fit, so many times.
const triesPerProgram = 100

// byChance makes the models of a random program: the first that is fit at the first length.
func (o *Options) byChance(ctx context.Context, number int, set *Set) error {
	name := fmt.Sprintf("random%04d", number+1)
	r := rand.New(rand.NewPCG(o.Seed, streamOf(name)))
	all := sample.Kinds()
	for range triesPerProgram {
		p, faults := lang.Parse(name, sample.Program(r, all[number%len(all)]))
		if faults.Err() != nil {
			continue
		}
		made := Set{}
		for i, length := range o.lengths() {
			if err := o.models(ctx, Program{name, p}, length, &made); err != nil {
				return err
			}
			if i == 0 && len(made.Items) == 0 {
				break
			}
		}
		if len(made.Items) > 0 {
			*set = made
			return nil
		}
	}
	set.LeftOut = append(set.LeftOut, LeftOut{name, 0, 0, fmt.Sprintf("none of %d random programs can be compiled", triesPerProgram)})
	return nil
}
