//go:build !noplot

package main

import "rasp/runtime/scaling"

var chart = scaling.Chart
