package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/cmd/rasp/service"
)

// wide has characters of one, two and four bytes: places count in UTF-16.
const wide = "# é😀\nx = tokens; y = selct(x, \"😀\", ==);"

func TestCheck(t *testing.T) {
	list := got[[]Finding](t, "check", object{"text": wide})
	require.NotEmpty(t, list)
	fix := list[0].Fixes[0]
	require.Equal(t, "write select", fix.Title)
	require.Equal(t, service.Range{Start: service.Position{Line: 1, Character: 16}, End: service.Position{Line: 1, Character: 21}}, fix.Edits[0].Range)
	mended := service.NewText(wide, service.UTF16).Apply(fix.Edits)
	require.Equal(t, "# é😀\nx = tokens; y = select(x, \"😀\", ==);", mended)
	require.Empty(t, got[[]Finding](t, "check", object{"text": mended}))
}

func cursorAt(line, character int) object { return object{"line": line, "character": character} }

func TestHoverCompleteSignatureDefinition(t *testing.T) {
	text := "#> \"😀b\" => [0, 1]\nfirst = indices;\nsecond = first;\n"
	hover := got[service.Hover](t, "hover", object{"text": text, "position": cursorAt(2, 10)})
	require.Contains(t, hover.Contents.Value, "[0, 1]")
	require.Equal(t, 9, hover.Range.Start.Character)
	require.Equal(t, service.Position{Line: 1}, got[service.Range](t, "definition", object{"text": text, "position": cursorAt(2, 10)}).Start)
	require.Nil(t, got[*service.Range](t, "definition", object{"text": text, "position": cursorAt(1, 9)}))
	require.Nil(t, got[*service.Hover](t, "hover", object{"text": text, "position": cursorAt(3, 0)}))

	list := got[[]service.Completion](t, "complete", object{"text": text + "x = fir", "position": cursorAt(3, 7)})
	require.Equal(t, "first", list[0].Label)
	help := got[service.SignatureHelp](t, "signature", object{"text": "x = select(tokens, ", "position": cursorAt(0, 19)})
	require.Equal(t, 1, help.ActiveParameter)
	require.Nil(t, got[*service.SignatureHelp](t, "signature", object{"text": "x = tokens", "position": cursorAt(0, 5)}))
}

func TestFormat(t *testing.T) {
	text := "x=tokens;  # é😀\n"
	edits := got[[]service.Edit](t, "format", object{"text": text})
	require.Equal(t, "x = tokens; # é😀\n", service.NewText(text, service.UTF16).Apply(edits))
	require.Empty(t, got[[]service.Edit](t, "format", object{"text": "x = tokens;\n"}))
	require.Equal(t, codeFault, refused(t, "format", object{"text": "x = ("}).Code)
}
