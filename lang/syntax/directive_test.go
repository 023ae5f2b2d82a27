package syntax

import (
	"fmt"
	"strings"
	"testing"

	"rasp/lang/diag"
	"rasp/lang/value"
)

func TestDirectives(t *testing.T) {
	const text = `#rasp:vocab "ab#" # three tokens
x = 1; #rasp:length 32
def f(a) {
  #rasp:output y, x
  return a;
}
#rasp:causal
#rasp:confidence 0.75 # of the mass
#rasp:logits
# rasp is a language
`
	d := parse(t, text).Directives
	equal(t, "vocab", jsonOf(d.Vocab), `"a" "b" "#"`)
	equal(t, "length", d.Length, 32)
	equal(t, "outputs", strings.Join(d.Outputs, " "), "y x")
	equal(t, "causal", d.Causal, true)
	equal(t, "confidence", d.Confidence, 0.75)
	equal(t, "logits", d.Logits, true)
	for word, line := range map[string]int{"vocab": 1, "length": 2, "output": 4, "causal": 7} {
		equal(t, word, d.Where[word].Line(), line)
	}
	equal(t, "span", d.Where["length"].Text(), "#rasp:length 32")
}

func TestNoDirectives(t *testing.T) {
	d := parse(t, `x = "#rasp:length 3"; # rasp: a language`).Directives
	if len(d.Where) > 0 || d.Length != 0 || d.Vocab != nil || d.Outputs != nil || d.Causal {
		t.Errorf("got %+v", d)
	}
}

func TestDirectiveFaults(t *testing.T) {
	const vocabHint = ` | write "abc" (one token a character), ["the", "cat"] or 0..9`
	for text, want := range map[string]string{
		"#rasp:vocab":                      "1:12 error the vocabulary is missing" + vocabHint,
		`#rasp:vocab ""`:                   "1:13 error the vocabulary is empty" + vocabHint,
		`#rasp:vocab "aba"`:                `1:13 error string "a" stands twice in the vocabulary` + vocabHint,
		`#rasp:vocab "a`:                   `1:13 error a vocabulary cannot be "a` + vocabHint,
		"#rasp:length":                     "1:13 error expected the longest length of an input, an int from 1, found nothing | write #rasp:length 32",
		"#rasp:length 0":                   "1:14 error expected the longest length of an input, an int from 1, found 0 | write #rasp:length 32",
		"#rasp:length  3 tokens":           "1:15 error expected the longest length of an input, an int from 1, found 3 tokens | write #rasp:length 32",
		"#rasp:output":                     "1:13 error expected names of s-ops, found nothing | write #rasp:output a, b",
		"#rasp:output a b":                 "1:14 error expected names of s-ops, found a b | write #rasp:output a, b",
		"#rasp:output a, a":                "1:14 error the output a is named twice",
		"#rasp:causal on":                  "1:14 error #rasp:causal takes nothing, found on | remove the directive for bidirectional attention",
		"#rasp:confidence":                 "1:17 error expected the probability of the predicted token, above 0 and at most 1, found nothing | write #rasp:confidence 0.9",
		"#rasp:confidence 0":               "1:18 error expected the probability of the predicted token, above 0 and at most 1, found 0 | write #rasp:confidence 0.9",
		"#rasp:confidence 1.5":             "1:18 error expected the probability of the predicted token, above 0 and at most 1, found 1.5 | write #rasp:confidence 0.9",
		"#rasp:confidence nan":             "1:18 error expected the probability of the predicted token, above 0 and at most 1, found nan | write #rasp:confidence 0.9",
		"#rasp:confidence 90%":             "1:18 error expected the probability of the predicted token, above 0 and at most 1, found 90% | write #rasp:confidence 0.9",
		"#rasp:logits on":                  "1:14 error #rasp:logits takes nothing, found on | remove the directive where the output is a dict of weights",
		"#rasp:confidance 1":               "1:1 error unknown directive #rasp:confidance | did you mean #rasp:confidence?",
		"#rasp:output a\n#rasp:output b":   "2:1 error #rasp:output is given twice | name all on line 1, with commas between them",
		"x;\n #rasp:causal\n #rasp:causal": "3:2 error #rasp:causal is given twice | the first stands on line 2",
		"#rasp:vocabulary \"a\"":           "1:1 error unknown directive #rasp:vocabulary | did you mean #rasp:vocab?",
		"#rasp:Lenght 3":                   "1:1 error unknown directive #rasp:Lenght | did you mean #rasp:length?",
		"#rasp:outputs a":                  "1:1 error unknown directive #rasp:outputs | did you mean #rasp:output?",
		"#rasp:":                           "1:1 error unknown directive #rasp: | the directives are #rasp:vocab, #rasp:length, #rasp:output, #rasp:causal, #rasp:inputs, #rasp:partial, #rasp:confidence and #rasp:logits",
		"# rasp:length 3":                  "1:1 error this is a plain comment, not a directive | write #rasp:length without blanks and in small letters",
		"# rasp: length is not known":      "1:1 warning this is a plain comment, not a directive | write #rasp:length without blanks and in small letters",
		"#RASP:causal":                     "1:1 error this is a plain comment, not a directive | write #rasp:causal without blanks and in small letters",
	} {
		_, diags := Parse(diag.NewSource("test.rasp", text))
		if len(diags) != 1 {
			t.Errorf("%s: %v", text, diags)
			continue
		}
		d := diags[0]
		equal(t, text, d.Kind, diag.Domain)
		got := fmt.Sprintf("%d:%d %s %s", d.Span.Line(), d.Span.Col(), d.Severity, d.Message)
		if d.Hint != "" {
			got += " | " + d.Hint
		}
		equal(t, text, got, want)
	}
}

func TestParseVocab(t *testing.T) {
	for text, want := range map[string]string{
		`"abc"`:                   `"a" "b" "c"`,
		` "é 日\n" `:               `"é" " " "日" "\\" "n"`,
		`"0..9"x`:                 "error",
		`["the", "cat"]`:          `"the" "cat"`,
		`[0, 1.5, true, "true"]`:  `0 1.5 true "true"`,
		`[1, 1.0, true]`:          `1 1.0 true`,
		"0..3":                    "0 1 2 3",
		"-2 .. 1":                 "-2 -1 0 1",
		"5..5":                    "5",
		"abc":                     `"a" "b" "c"`,
		"a-z":                     `"a" "-" "z"`,
		"7":                       `"7"`,
		"(){}[]":                  `"(" ")" "{" "}" "[" "]"`,
		"])":                      `"]" ")"`,
		"[]()":                    "error",
		"":                        "error",
		`""`:                      "error",
		"[]":                      "error",
		`["a", "a"]`:              "error",
		"[[1]]":                   "error",
		"[null]":                  "error",
		"[1":                      "error",
		"3..0":                    "error",
		"0..99999999":             "error",
		"0..99999999999999999999": "error",
		"-9223372036854775808..9223372036854775807": "error",
		"aa":      "error",
		"a b":     "error",
		`"a" "b"`: "error",
		`a"b`:     "error",
		"ab\xff":  "error",
	} {
		tokens, err := ParseVocab(text)
		got := jsonOf(tokens)
		if fault, ok := err.(*value.Fault); ok && fault.Kind == diag.Domain {
			got = "error"
		}
		equal(t, text, got, want)
	}
}

func TestParseVocabMessages(t *testing.T) {
	for text, want := range map[string]string{
		"3..0":       "the range 3..0 is empty: 3 is above 0",
		"0..9999999": "the range 0..9999999 has more than 1048576 tokens",
		`[1, 2, 1]`:  "int 1 stands twice in the vocabulary",
	} {
		_, err := ParseVocab(text)
		equal(t, text, fmt.Sprint(err), want)
	}
}

func jsonOf(tokens []value.Value) string {
	texts := make([]string, len(tokens))
	for i, v := range tokens {
		texts[i] = v.JSON()
	}
	return strings.Join(texts, " ")
}
