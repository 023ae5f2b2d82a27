package lsp

import (
	"encoding/json"

	"rasp/cmd/rasp/service"
)

// What requests hold, as far as it is in use. What is answered is in package service.

type initializeParams struct {
	RootURI          string `json:"rootUri"`
	WorkspaceFolders []struct {
		URI string `json:"uri"`
	} `json:"workspaceFolders"`
	InitializationOptions lenient[options]            `json:"initializationOptions"`
	Capabilities          lenient[clientCapabilities] `json:"capabilities"`
}

type options struct {
	// Commands says that the editor has the commands of lenses itself: rasp.run, ..
	Commands bool `json:"commands"`
}

// lenient is what an editor says of itself. What is not as the protocol has it, such as the
// [] that some make of an empty table, counts as not said: no server at all would be worse.
type lenient[T any] struct{ said T }

// UnmarshalJSON fails never.
func (l *lenient[T]) UnmarshalJSON(body []byte) error {
	_ = json.Unmarshal(body, &l.said) // reads on beyond what has another type
	return nil
}

type clientCapabilities struct {
	General struct {
		PositionEncodings []service.Encoding `json:"positionEncodings"`
	} `json:"general"`
	TextDocument struct {
		Completion struct {
			CompletionItem struct {
				SnippetSupport bool `json:"snippetSupport"`
			} `json:"completionItem"`
		} `json:"completion"`
	} `json:"textDocument"`
	Workspace struct {
		CodeLens              refreshable `json:"codeLens"`
		DidChangeWatchedFiles struct {
			DynamicRegistration bool `json:"dynamicRegistration"`
		} `json:"didChangeWatchedFiles"`
	} `json:"workspace"`
}

type refreshable struct {
	RefreshSupport bool `json:"refreshSupport"`
}

type initializeResult struct {
	Capabilities map[string]any    `json:"capabilities"`
	ServerInfo   map[string]string `json:"serverInfo"`
}

type documentID struct {
	URI     string `json:"uri"`
	Version int    `json:"version"`
}

type openParams struct {
	TextDocument struct {
		documentID
		Text string `json:"text"`
	} `json:"textDocument"`
}

type changeParams struct {
	TextDocument   documentID `json:"textDocument"`
	ContentChanges []struct {
		Range *service.Range `json:"range"` // nil: the whole text
		Text  string         `json:"text"`
	} `json:"contentChanges"`
}

type documentParams struct {
	TextDocument documentID `json:"textDocument"`
}

type rangeParams struct {
	documentParams
	Range service.Range `json:"range"`
}

type positionParams struct {
	documentParams
	Position service.Position `json:"position"`
}

type referenceParams struct {
	positionParams
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

type renameParams struct {
	positionParams
	NewName string `json:"newName"`
}

type commandParams struct {
	Command   string   `json:"command"`
	Arguments []string `json:"arguments"`
}

type publishParams struct {
	URI         string            `json:"uri"`
	Version     int               `json:"version"`
	Diagnostics []service.Finding `json:"diagnostics"`
}

type completionList struct {
	IsIncomplete bool                 `json:"isIncomplete"`
	Items        []service.Completion `json:"items"`
}

type semanticTokens struct {
	Data []int `json:"data"`
}

type workspaceEdit struct {
	Changes map[string][]service.Edit `json:"changes"`
}

type codeAction struct {
	Title       string            `json:"title"`
	Kind        string            `json:"kind"`
	Diagnostics []service.Finding `json:"diagnostics"`
	IsPreferred bool              `json:"isPreferred,omitempty"`
	Edit        workspaceEdit     `json:"edit"`
}

const quickFix = "quickfix"

// server commands, of lenses in editors that have none of their own.
const (
	serverPrefix = "rasp.server."
	clientPrefix = "rasp."
)

func capabilities(e service.Encoding) map[string]any {
	return map[string]any{
		"positionEncoding":           e,
		"textDocumentSync":           map[string]any{"openClose": true, "change": 2, "save": true},
		"hoverProvider":              true,
		"completionProvider":         map[string]any{"triggerCharacters": []string{"#", ":"}},
		"signatureHelpProvider":      map[string]any{"triggerCharacters": []string{"(", ","}},
		"definitionProvider":         true,
		"referencesProvider":         true,
		"documentHighlightProvider":  true,
		"documentSymbolProvider":     true,
		"codeActionProvider":         map[string]any{"codeActionKinds": []string{quickFix}},
		"codeLensProvider":           map[string]any{},
		"documentFormattingProvider": true, "documentRangeFormattingProvider": true,
		"renameProvider":       map[string]any{"prepareProvider": true},
		"foldingRangeProvider": true,
		"executeCommandProvider": map[string]any{"commands": []string{
			serverPrefix + service.Run, serverPrefix + service.Draw, serverPrefix + service.Compile, serverPrefix + service.Verify}},
		"semanticTokensProvider": map[string]any{"full": true,
			"legend": map[string]any{"tokenTypes": service.TokenTypes, "tokenModifiers": service.TokenModifiers}},
		"inlayHintProvider": true,
	}
}
