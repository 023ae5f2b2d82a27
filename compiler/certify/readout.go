package certify

import (
	"fmt"

	"rasp/compiler/construct"
	"rasp/compiler/plan"
	"rasp/runtime/model"
)

// outputs checks that the right class wins: logits of neighbouring classes
// differ by 1 at least; and that numbers come out with an error that is worth something.
func (c *Outcome) outputs() {
	j, columns := 0, plan.ColumnsOf(c.model.WU)
	for _, o := range c.plan.Outputs {
		if o.Next {
			c.prediction(o, columns, j)
			j += len(o.Logits)
			continue
		}
		label := model.Label{What: "read-out of " + o.Name}
		read := make([]bound, len(o.Logits))
		for i, f := range o.Logits {
			read[i] = c.reads(f, columns[j], c.model.BU[j]).bound()
			c.Logits = append(c.Logits, read[i].Err)
			j++
		}
		switch {
		case len(o.Classes) > 0:
			for i, b := range read {
				err := 2 * b.Err
				if z := c.zeroForm(o.Logits[i], columns[j-len(read)+i], c.model.BU[j-len(read)+i], b); o.Broken {
					err = min(err, z.zero+z.short)
				}
				c.require(err, 1, label)
			}
			c.Within = append(c.Within, o.Rounding)
			continue
		case len(o.Logits[1].Terms) == 0 && o.Logits[1].Constant == 0: // an int, which is rounded
			c.ints(o, read[0], label)
			c.Within = append(c.Within, 0)
		default:
			if len(o.Logits[1].Terms) > 0 { // an int on some inputs
				c.ints(o, read[0], label)
			}
			c.Within = append(c.Within, c.numbers(o, read[0], label))
		}
		c.require(read[1].Err, 0.5, label)
	}
}

// ints checks that a number is so near to the int that it is that the model rounds to it.
func (c *Outcome) ints(o plan.Output, read bound, label model.Label) {
	c.require(read.Err, 0.5, label)
	if !(read.Err < 0.5) {
		c.coarse = fmt.Sprintf("%s can be an int and is a number of at most %g, which a model, in float32, has to within %g: that is too rough for an int",
			o.Name, construct.Up(o.Size, 2), construct.Up(read.Err, 2))
	}
}

// numbers bounds how far those of an output may be from the program's: by what float32
// computes, by what float64 has rounded in the interpreter, and by the decimal that the
// model writes, the shortest that reads back as the same float32.
func (c *Outcome) numbers(o plan.Output, read bound, label model.Label) float64 {
	within := read.Err + o.Rounding + float64(construct.Ulp*(o.Size+read.Err))
	if read.Err > 0 {
		c.require(read.Err, construct.NumberError*read.size(), label)
	}
	if within <= construct.CoarsestNumber*o.Size && o.Size >= construct.LeastNumber || within == 0 {
		return within
	}
	c.require(1, 0, label)
	c.Excess = max(c.Excess, within/(construct.CoarsestNumber*o.Size))
	c.coarse = fmt.Sprintf("%s is a number of at most %g, and a model, in float32, is right to within %g: that is too rough to be shown",
		o.Name, construct.Up(o.Size, 2), construct.Up(within, 2))
	return within
}
