//go:build !nopages

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/web"
)

// defaultPage is where pages are served unless told otherwise: this machine alone reaches it.
const defaultPage = "127.0.0.1:8037"

// pageFlags say where the pages go.
type pageFlags struct{ http, export string }

func (f *pageFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.http, "http", defaultPage, "serve the pages at this address; port 0 is any that is free")
	cmd.Flags().StringVar(&f.export, "export", "", "write the pages to this folder, as a static site")
}

// pages does what is asked for with pages, if anything is.
func (f *pageFlags) pages(cmd *cobra.Command) (asked bool, err error) {
	given := cmd.Flags().Changed
	switch {
	case given("export") && given("http"):
		return true, usagef("", "--export writes files, and --http serves them: one of them")
	case given("export"):
		return true, f.write(cmd)
	case given("http") || isPerson(cmd.InOrStdin()):
		return true, f.serve(cmd, func(url string) { fmt.Fprintln(cmd.OutOrStdout(), url) })
	}
	return false, nil
}

// isPerson reports whether nobody sends requests there: stdin is a terminal, or there is none.
func isPerson(stdin io.Reader) bool {
	file, ok := stdin.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// write makes a static site.
func (f *pageFlags) write(cmd *cobra.Command) error {
	if f.export == "" {
		return usagef("", "--export: the name of the folder is empty")
	}
	if to := terminal(cmd.ErrOrStderr()); to != nil {
		fmt.Fprint(to, "making the engine of the pages…")
		defer fmt.Fprint(to, "\r\x1b[K")
	}
	engine, err := web.FindEngine(cmd.Context(), version())
	if err != nil {
		return err
	}
	if err := web.Export(f.export, engine); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is a static site; any host serves it, such as: python3 -m http.server -d %s\n", f.export, f.export)
	return err
}

// serve has the pages at an address until the command is interrupted, which is its end.
func (f *pageFlags) serve(cmd *cobra.Command, began func(url string)) error {
	at, err := listen(cmd, f.http)
	if err != nil {
		return err
	}
	hosts := web.Hosts(at.Addr(), f.http)
	server := &http.Server{
		Handler: web.Handler(version(), hosts), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return cmd.Context() },
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(at) }()
	began("http://" + hostOf(at.Addr()) + "/")
	select {
	case err := <-done:
		return err
	case <-cmd.Context().Done():
		return server.Close()
	}
}

// listen takes an address. The default one may be taken, and then any free port will do.
func listen(cmd *cobra.Command, address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, usagef("such as "+defaultPage+"; port 0 is any that is free", "%q is no address with a port", address)
	}
	var config net.ListenConfig
	at, err := config.Listen(cmd.Context(), "tcp", address)
	if err != nil && address == defaultPage {
		at, err = config.Listen(cmd.Context(), "tcp", "127.0.0.1:0")
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = fmt.Errorf("cannot listen on %s: %w", address, op.Err)
	}
	return at, err
}

// hostOf is an address as people open it.
func hostOf(a net.Addr) string {
	host, port, _ := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
