package raster

import (
	"fmt"
	"strconv"
	"strings"

	"git.sr.ht/~sbinet/gg"

	"rasp/lang/pattern"
)

var pathToken = pattern.Of(`[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?`)

// operands is how many numbers a command of a path has.
var operands = map[string]int{"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}

// implicit is the command of more numbers.
var implicit = map[string]string{"M": "L", "m": "l"}

// trace gives the context a path: lines and curves. Small letters are relative.
func trace(c *gg.Context, data string) error {
	var command string
	var numbers []float64
	var at, began gg.Point
	for _, token := range pathToken().FindAllString(data, -1) {
		if number, err := strconv.ParseFloat(token, 64); err == nil {
			numbers = append(numbers, number)
		} else {
			command = token
		}
		count, known := operands[strings.ToUpper(command)]
		if !known {
			return fmt.Errorf("a path with %q is not painted", command)
		}
		if len(numbers) < count || len(numbers) == 0 && count > 0 {
			continue
		}
		draw(c, command, numbers, &at, &began)
		numbers = nil
		if next, ok := implicit[command]; ok {
			command = next
		}
	}
	if len(numbers) > 0 {
		return fmt.Errorf("a path ends within %q", command)
	}
	return nil
}

// draw draws one command from a point on, and moves the point.
func draw(c *gg.Context, command string, n []float64, at, began *gg.Point) {
	var from gg.Point
	if command == strings.ToLower(command) {
		from = *at
	}
	x := func(i int) float64 { return from.X + n[i] }
	y := func(i int) float64 { return from.Y + n[i] }
	switch strings.ToUpper(command) {
	case "M":
		*at = gg.Point{X: x(0), Y: y(1)}
		*began = *at
		c.MoveTo(at.X, at.Y)
		return
	case "L":
		*at = gg.Point{X: x(0), Y: y(1)}
	case "H":
		at.X = x(0)
	case "V":
		at.Y = y(0)
	case "Q":
		*at = gg.Point{X: x(2), Y: y(3)}
		c.QuadraticTo(x(0), y(1), at.X, at.Y)
		return
	case "C":
		*at = gg.Point{X: x(4), Y: y(5)}
		c.CubicTo(x(0), y(1), x(2), y(3), at.X, at.Y)
		return
	case "Z":
		*at = *began
		c.ClosePath()
		return
	}
	c.LineTo(at.X, at.Y)
}
