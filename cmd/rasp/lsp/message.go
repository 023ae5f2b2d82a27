package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"
)

// largestMessage is more than any program takes: a length beyond it is no length.
const largestMessage = 1 << 28

// reader reads messages, and remembers what was none, with which the connection ends.
type reader struct {
	jsonrpc2.VSCodeObjectCodec // writes
	fault                      atomic.Pointer[error]
}

// ReadObject reads the next message. Headers are those of MIME, in any case of letters.
func (r *reader) ReadObject(stream *bufio.Reader, v any) error {
	body, err := readBody(stream)
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
		fault := fmt.Errorf("what the editor sent is no message: %w", err)
		r.fault.Store(&fault)
	}
	return err
}

func readBody(stream *bufio.Reader) ([]byte, error) {
	header, err := textproto.NewReader(stream).ReadMIMEHeader()
	if err != nil {
		return nil, err
	}
	text := header.Get("Content-Length")
	if text == "" {
		return nil, errors.New("it has no Content-Length")
	}
	length, err := strconv.Atoi(text)
	if err != nil || length < 0 || length > largestMessage {
		return nil, fmt.Errorf("its Content-Length is %q", text)
	}
	body, err := io.ReadAll(io.LimitReader(stream, int64(length)))
	if err == nil && len(body) < length {
		err = fmt.Errorf("it ends after %d bytes of %d", len(body), length)
	}
	return body, err
}
