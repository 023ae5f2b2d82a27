package lang

import (
	"fmt"
	"testing"

	"rasp/lang/value"
)

// TestPrediction: which outputs predict the next token, over the vocabulary a, b.
func TestPrediction(t *testing.T) {
	for text, want := range map[string]string{
		"x = tokens;":                                                  "none",
		"x = tokens; t = {\"a\": 1};":                                  "t a",
		"t = {\"a\": 1, \"b\": 2}; x = t[tokens];":                     "none",
		"x = tokens; t = {\"a\": indices, \"sum\": 2};":                "none",
		"x = tokens; t = {\"a\": indices, \"b\": full_s};":             "none",
		"t = {\"b\": 1, \"a\": indices};":                              "t a b",
		"t = {\"b\": indices}; x = indices;":                           "none",
		"#rasp:output t\nt = {\"b\": indices}; x = indices;":           "t b",
		"#rasp:output t\nt = {\"b\": 2};":                              "t b",
		"#rasp:logits\nt = {\"b\": 2};":                                "t b logits",
		"#rasp:confidence 0.5\nx = tokens;":                            "x 0.5",
		"#rasp:confidence 1\n#rasp:output x\nx = tokens; y = indices;": "x 1",

		"#rasp:output t\nt = {};":                                         "2:1 value t is empty: at least one token must be able to come next",
		"#rasp:output t\nt = {\"a\": 1, \"c\": 1};":                       `2:14 domain string "c" is not a token of the vocabulary`,
		"#rasp:output t\nt = {\"a\": 1, \"b\": tokens};":                  `2:14 type the weight of string "b" is an s-op of strings`,
		"#rasp:output t\nt = {\"a\": \"x\"};":                             `2:6 type the weight of string "a" is string "x"`,
		"#rasp:output t\nt = {\"a\": full_s};":                            `2:6 type the weight of string "a" is a selector`,
		"#rasp:output t\nt = {\"a\": [1]};":                               `2:6 type the weight of string "a" is a list`,
		"#rasp:output t\nt = {\"b\": 1, \"a\": -1};":                      `2:14 value the weight of string "a" is -1`,
		"#rasp:output t\n#rasp:logits\nt = {\"a\": -1};":                  "t a logits",
		"#rasp:output t\nt = {\"a\": 0, \"b\": 0.0};":                     "2:1 value all weights of t are 0: at least one token must be able to come next",
		"#rasp:output t\nt = {c: 0 - 1 for c in [\"a\"]};":                `2:1 value the weight of string "a" is -1`,
		"#rasp:output t, x\nt = {\"a\": indices}; x = indices;":           "1:1 domain t is a dict, which predicts the next token: it must be the only output",
		"#rasp:logits\nx = tokens;":                                       "1:1 domain #rasp:logits goes with an output that is a dict from tokens to logits",
		"#rasp:confidence 1\nx = full_s;":                                 "1:1 domain #rasp:confidence goes with one output, an s-op that is the next token",
		"#rasp:confidence 1\n#rasp:output t\nt = {\"a\": 1};":             "1:1 domain #rasp:confidence goes with one output, an s-op that is the next token",
		"#rasp:confidence 1\n#rasp:output x, y\nx = tokens; y = indices;": "1:1 domain #rasp:confidence goes with one output, an s-op that is the next token",
	} {
		p, faults := Parse("test.rasp", text)
		if len(faults) > 0 {
			t.Errorf("%s\n%s", text, faults)
		}
		outputs, fault := p.Outputs(nil, []value.Value{value.OfString("a"), value.OfString("b")})
		got := "none"
		switch {
		case fault != nil:
			got = fmt.Sprintf("%d:%d %s %s", fault.Span.Line(), fault.Span.Col(), fault.Kind, fault.Message)
		case outputs[0].Next != nil && outputs[0].Next.Token != nil:
			got = fmt.Sprint(outputs[0].Name, " ", outputs[0].Next.Confidence)
		case outputs[0].Next != nil:
			got = outputs[0].Name
			for _, token := range outputs[0].Next.Tokens {
				got += " " + token.String()
			}
			if outputs[0].Next.Logits {
				got += " logits"
			}
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestPredictionNeedsAVocabulary(t *testing.T) {
	p, _ := Parse("test.rasp", "#rasp:confidence 0.5\nx = tokens;")
	if _, fault := p.Outputs(nil, nil); fault == nil || fault.Message != "x predicts the next token, and there is no vocabulary to choose it from" {
		t.Error(fault)
	}
	p, _ = Parse("test.rasp", "#rasp:confidence 0.5\nx = tokens;")
	if _, fault := p.Outputs(nil, []value.Value{value.OfString("a")}); fault == nil {
		t.Error("one token cannot share the rest")
	}
}
