package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"rasp/cmd/rasp/jsonerr"
	"rasp/cmd/rasp/open"
)

// serveMethods are what can be asked for, by name.
var serveMethods map[string]func(s *server, ctx context.Context, params json.RawMessage) (any, error)

func init() { // not a literal: unknownMethod lists it
	serveMethods = map[string]func(*server, context.Context, json.RawMessage) (any, error){
		"version": method((*server).version), "programs": method((*server).programs), "cancel": method((*server).nothing),
		"compile": method((*server).compile), "load": method((*server).load), "save": method((*server).save), "close": method((*server).close),
		"run": method((*server).run), "logits": method((*server).logits), "names": method((*server).names),
		"trace": method((*server).trace), "intervene": method((*server).intervene),
		"interpret": method((*server).interpret), "command": method((*server).command),
	}
}

// method reads the parameters of one; a word that it does not know is an error.
func method[P any](do func(*server, context.Context, P) (any, error)) func(*server, context.Context, json.RawMessage) (any, error) {
	return func(s *server, ctx context.Context, params json.RawMessage) (any, error) {
		var p P
		if len(params) > 0 {
			d := json.NewDecoder(bytes.NewReader(params))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				return nil, &rpcError{Code: codeParams, Message: "the parameters: " + jsonerr.Text(err)}
			}
		}
		return do(s, ctx, p)
	}
}

// none is the result of what has none.
var none = struct{}{}

func (s *server) nothing(context.Context, struct{}) (any, error) { return none, nil }

func (s *server) version(context.Context, struct{}) (any, error) {
	return map[string]any{"version": version(), "protocol": 1}, nil
}

// readyMade is a program of the library.
type readyMade struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func (s *server) programs(context.Context, struct{}) (any, error) {
	var list []readyMade
	for _, name := range open.ReadyNames() {
		text, _ := open.ReadyMade(name)
		list = append(list, readyMade{name, open.Title(name), text})
	}
	return list, nil
}

// commanded is what came of a command line.
type commanded struct {
	Status int     `json:"status"` // the exit status
	Stdout string  `json:"stdout"`
	Stderr string  `json:"stderr"`
	Faults []fault `json:"faults,omitempty"` // of stderr
}

func (s *server) command(ctx context.Context, p struct {
	Args  []string `json:"args"`
	Stdin string   `json:"stdin"`
}) (any, error) {
	var stdout, stderr bytes.Buffer
	command, err := perform(ctx, p.Args, strings.NewReader(p.Stdin), &stdout, &stderr)
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	status := report(&stderr, command, err)
	return commanded{status, stdout.String(), stderr.String(), faultsOf(err)}, nil
}
