package construct

import (
	"math"

	"rasp/lang/elementary"
)

// Ramp is a step function made of two ReLUs of one number y: with slope k
//
//	relu(k y - At) - relu(k y - At - 1)
//
// is 0 for k y <= At, 1 for k y >= At+1, and linear between.
type Ramp struct {
	Slope float64 // a power of two
	At    float64
}

// Step is the ramp that is 0 at y <= low and 1 at y >= high, centred between
// them. gap is their distance, or the least of several steps that are added up:
// these get one slope, so that what they add has one grid and stays exact. The
// slope is at most twice as steep as it must be for a third of the gap on either
// side to be margin: a y that is wrong by less than Margin of the gap changes
// nothing.
//
// grid is the power of two of which y is a multiple; the threshold is rounded to
// it, so that the neurons' inputs are exact in float32.
func Step(low, high, gap, grid float64) Ramp {
	slope := math.Exp2(math.Ceil(elementary.Log2(2 / gap)))
	at := float64(slope*(low+high)/2) - 0.5
	if unit := slope * grid; unit > 0 {
		at = math.Round(at/unit) * unit
	}
	return Ramp{slope, at}
}

// Separable reports that a step may fit into float32, for numbers up to size that differ
// by gap at least where it matters. The input of its neurons is 2 to 4 times size/gap, and
// must be right to less than 1: that leaves 2^24 at most, and what is near it to the
// certificate. Far beyond, float64 loses the 1 by which the two neurons differ.
func Separable(gap, size float64) bool { return size <= gap*(1<<25) && !math.IsInf(size, 0) }

// Margin is how far y may be from low or high before the ramp begins: for the
// end that is nearer.
func (r Ramp) Margin(low, high float64) float64 {
	return min(r.At/r.Slope-low, high-(r.At+1)/r.Slope)
}

// Grid is the power of two to which a number read off an attention head is
// rounded, if values that must be told apart differ by gap at least: a sixteenth
// of the gap or less. The rounding costs at most a thirty-second of the gap, and
// makes all that follows exact.
func Grid(gap float64) float64 { return math.Exp2(math.Floor(elementary.Log2(gap / 16))) }

// Offset is the constant that rounds a number of magnitude below size to
// multiples of grid when it is added to it in float32: 1.5 * 2^23 grids, in the
// middle of the range in which float32 has that spacing. Exact if size is below
// half of 2^23 grids.
func Offset(grid, size float64) (offset float64, ok bool) {
	return 1.5 * (1 << 23) * grid, size < grid*(1<<22)
}
