//go:build js

// Command wasm is the host of a page that has no server: it offers api.Host.Call as the
// function raspCall of JavaScript, text in, text out. It runs in a worker
// (cmd/rasp/web/src/lib/worker.ts).
package main

import (
	"context"
	"syscall/js"

	"rasp/cmd/rasp/web/api"
)

// version is set by whoever builds it.
var version = "unknown"

func main() {
	host := api.New(version)
	js.Global().Set("raspCall", js.FuncOf(func(_ js.Value, args []js.Value) any {
		return string(host.Call(context.Background(), []byte(args[0].String())))
	}))
	select {}
}
