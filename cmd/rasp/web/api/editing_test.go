package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/service"
	"rasp/cmd/rasp/web/rpc"
	"rasp/cmd/rasp/web/rpc/rpctest"
)

// wide has characters of one, two and four bytes: places count in UTF-16.
const wide = "# é😀\nx = tokens; y = selct(x, \"😀\", ==);"

func TestCheck(t *testing.T) {
	list := rpctest.Asked[[]Finding](t, New("test"), "check", object{"text": wide})
	require.NotEmpty(t, list)
	fix := list[0].Fixes[0]
	require.Equal(t, "write select", fix.Title)
	require.Equal(t, service.Range{Start: service.Position{Line: 1, Character: 16}, End: service.Position{Line: 1, Character: 21}}, fix.Edits[0].Range)
	mended := service.NewText(wide, service.UTF16).Apply(fix.Edits)
	require.Equal(t, "# é😀\nx = tokens; y = select(x, \"😀\", ==);", mended)
	require.Empty(t, rpctest.Asked[[]Finding](t, New("test"), "check", object{"text": mended}))
}

func cursorAt(line, character int) object { return object{"line": line, "character": character} }

func TestHoverCompleteSignatureDefinition(t *testing.T) {
	text := "#> \"😀b\" => [0, 1]\nfirst = indices;\nsecond = first;\n"
	hover := rpctest.Asked[service.Hover](t, New("test"), "hover", object{"text": text, "position": cursorAt(2, 10)})
	require.Contains(t, hover.Contents.Value, "[0, 1]")
	require.Equal(t, 9, hover.Range.Start.Character)
	require.Equal(t, service.Position{Line: 1}, rpctest.Asked[service.Range](t, New("test"), "definition", object{"text": text, "position": cursorAt(2, 10)}).Start)
	require.Nil(t, rpctest.Asked[*service.Range](t, New("test"), "definition", object{"text": text, "position": cursorAt(1, 9)}))
	require.Nil(t, rpctest.Asked[*service.Hover](t, New("test"), "hover", object{"text": text, "position": cursorAt(3, 0)}))

	list := rpctest.Asked[[]service.Completion](t, New("test"), "complete", object{"text": text + "x = fir", "position": cursorAt(3, 7)})
	require.Equal(t, "first", list[0].Label)
	help := rpctest.Asked[service.SignatureHelp](t, New("test"), "signature", object{"text": "x = select(tokens, ", "position": cursorAt(0, 19)})
	require.Equal(t, 1, help.ActiveParameter)
	require.Nil(t, rpctest.Asked[*service.SignatureHelp](t, New("test"), "signature", object{"text": "x = tokens", "position": cursorAt(0, 5)}))
}

func TestFormat(t *testing.T) {
	text := "x=tokens;  # é😀\n"
	edits := rpctest.Asked[[]service.Edit](t, New("test"), "format", object{"text": text})
	require.Equal(t, "x = tokens; # é😀\n", service.NewText(text, service.UTF16).Apply(edits))
	require.Empty(t, rpctest.Asked[[]service.Edit](t, New("test"), "format", object{"text": "x = tokens;\n"}))
	require.Equal(t, rpc.CodeFault, rpctest.Refused(t, New("test"), "format", object{"text": "x = ("}).Code)
}
