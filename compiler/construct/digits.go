package construct

import (
	"math"
	"strconv"
	"strings"
)

// Up is the least number of so many significant digits that is not below x, which is 0 or
// above: a bound that is shown must still hold.
func Up(x float64, digits int) float64 {
	y := shortened(x, digits, 0)
	if y < x {
		y = shortened(x, digits, 1)
	}
	return y
}

// Down is the largest number of so many significant digits that is not above x, which is 0
// or above: a margin that is shown must really be there.
func Down(x float64, digits int) float64 { return shortened(x, digits, 0) }

// shortened is x cut off after so many digits, and so many steps of the last one on.
func shortened(x float64, digits, steps int) float64 {
	mantissa, exponent, finite := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	if !finite || math.IsInf(x, 0) {
		return x
	}
	text := strings.Replace(mantissa, ".", "", 1)
	if len(text) <= digits {
		return x
	}
	whole, _ := strconv.Atoi(text[:digits])
	at, _ := strconv.Atoi(exponent)
	y, _ := strconv.ParseFloat(strconv.Itoa(whole+steps)+"e"+strconv.Itoa(at-digits+1), 64)
	return y
}
