package api

import (
	"bytes"
	"context"
	"encoding/json"

	"rasp/cmd/rasp/open"
	"rasp/cmd/rasp/web/rpc"
	"rasp/lang/diag"
)

// File is one to keep. Content is bytes, in base64.
type File struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Content []byte `json:"content"`
}

// mostBytes of a file.
const mostBytes = 32 << 20

// download makes a file, as the command line does: the model of rasp compile, the trace of
// rasp trace --json, the names of rasp info --json, the pictures of rasp draw, the page
// without what the program computes. Changes are in none of them.
func (h *Host) download(ctx context.Context, p struct {
	Program Program `json:"program"`
	Input   string  `json:"input"`
	Kind    string  `json:"kind"`
}) (*File, error) {
	look, err := (&at{Program: p.Program, Input: p.Input}).open(h, ctx)
	if err != nil {
		return nil, err
	}
	var f *File
	switch p.Kind {
	case "model":
		f = &File{"model.safetensors", "application/octet-stream", nil}
		f.Content, err = look.bytes()
	case "trace":
		f = &File{"trace.json", "application/json", nil}
		f.Content, err = look.traced()
	case "names":
		f = &File{"names.json", "application/json", []byte(look.Model.Names + "\n")}
	case "svg", "html":
		f, err = look.picture(ctx, p.Kind, p.Input)
	default:
		return nil, rpc.Usage("kinds are model, trace, names, svg and html", "unknown kind of file "+p.Kind)
	}
	if err == nil && len(f.Content) > mostBytes {
		err = open.Faultf(diag.Limit, "the rasp command writes files of any size", "%s has %d MB, and 32 MB at most are handed over", f.Name, len(f.Content)>>20)
	}
	return f, err
}

// bytes of the model file.
func (l *look) bytes() ([]byte, error) {
	var b bytes.Buffer
	err := l.Model.Write(&b)
	return b.Bytes(), err
}

func (l *look) traced() ([]byte, error) {
	t, err := l.Inside.Trace(l.input)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err = e.Encode(t)
	return b.Bytes(), err
}

func (l *look) picture(ctx context.Context, kind, input string) (f *File, err error) {
	at := &open.AtWork{Name: "model", Model: l.Model}
	if err := at.Read(input); err != nil {
		return nil, err
	}
	if kind == "svg" {
		f = &File{"model.svg", "image/svg+xml", nil}
		f.Content, _, err = at.SVG()
		return f, err
	}
	f = &File{"model.html", "text/html", nil}
	f.Content, _, err = at.Page(ctx, nil)
	return f, err
}
