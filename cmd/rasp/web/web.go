// Package web has the pages: as a handler of HTTP for this machine (rasp serve, rasp learn),
// and as files of a static site (rasp serve --export).
//
// In reading order: web.go, the files; handler.go, who may ask and for how much; export.go,
// the static site; engine.go, the program as WebAssembly for it. api/ answers what pages ask, wasm/ is the same for a page without a
// server; src/ has the pages, packages/ what they are made with, gen/ makes dist/ of both.
package web

import (
	"embed"
	"io/fs"
)

//go:generate go -C gen run .

//go:embed all:dist
var made embed.FS

// files are the pages as they are served, with a server as their engine.
func files() fs.FS {
	dist, err := fs.Sub(made, "dist")
	if err != nil {
		panic(err) // the name is no path
	}
	return dist
}
