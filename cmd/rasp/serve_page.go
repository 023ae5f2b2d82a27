package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/web"
)

// defaultPage is where pages are served unless told otherwise: this machine alone reaches it.
const defaultPage = "127.0.0.1:8037"

// servePages serves the pages until the command is interrupted.
func servePages(cmd *cobra.Command, address string, began func(url string)) error {
	at, err := listen(cmd, address)
	if err != nil {
		return err
	}
	hosts := web.Hosts(at.Addr(), address)
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
		_ = server.Close()
		return cmd.Context().Err()
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
