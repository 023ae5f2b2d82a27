//go:build noparquet

package main

import "io"

// openParquet is missing: the library is a quarter of the program, and who has little room,
// such as the Python package, has other writers of Parquet.
var openParquet func(to io.Writer, columns []column, all []kinds) encoder
