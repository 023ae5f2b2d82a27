// Package tokenizer writes the vocabulary of a model as tokenizer.json, which the library
// tokenizers of Hugging Face reads, and all that builds on it.
//
// Texts are read as package text reads them: if each token prints as one character, a text
// is characters, else words between white space; white space that is no token is left
// out. If tokens have white space beside other characters, the longest that fits comes next.
// BOS stands before each text, and then <s>, if that is a token of a model that
// predicts. What is not in the vocabulary is <unk>, if that is a token; else its id is one that the model does
// not have, the one after BOS, so that running it fails. (With no such token at all the
// library itself would fail, also on the texts that tools try when they open a tokenizer.)
//
// Two tokens that print alike, a string and a number, have their JSON for names.
package tokenizer

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"rasp/runtime/export"
	"rasp/runtime/model"
	"rasp/runtime/text"
)

// Tokenizer is a vocabulary as text.
type Tokenizer struct {
	Names []string // by id, all different, BOS last
	// Begin and End are the ids of the tokens before (behind BOS) and behind a text of a model
	// that predicts; -1 for none.
	Begin, End int
	unknown    string // what stands for all else
	vocab      text.Vocabulary
	most       int // tokens of an input, BOS included
}

// New is the tokenizer of a model.
func New(m *model.Model) Tokenizer {
	names := export.Names(m.Vocab)
	ids := map[string]int{}
	for id, name := range names {
		ids[name] = id
	}
	t := Tokenizer{Names: names, Begin: -1, End: -1, vocab: text.NewVocabulary(names, ids), most: m.NCtx}
	if export.Predicts(m) {
		t.Begin, t.End = t.vocab.Begin, t.vocab.End
	}
	if t.unknown = text.UnknownName; t.vocab.Unknown < 0 {
		t.unknown = t.free("<unknown>")
	}
	t.Names = append(t.Names, t.free("<bos>"))
	return t
}

// free is a name that no token has.
func (t Tokenizer) free(name string) string {
	for slices.Contains(t.Names, name) {
		name = "<" + name + ">"
	}
	return name
}

// BOS is the id of what stands before each text.
func (t Tokenizer) BOS() int { return len(t.Names) - 1 }

// object is a JSON object of the format.
type object map[string]any

// Files are tokenizer.json and tokenizer_config.json.
func (t Tokenizer) Files() ([]export.File, error) {
	vocab := object{t.unknown: len(t.Names)}
	for id, name := range t.Names {
		vocab[name] = id // <unk> too, if it is a token
	}
	tokens, err := marshal(object{
		"version": "1.0", "truncation": nil, "padding": nil, "normalizer": nil,
		"added_tokens":   t.special(vocab),
		"pre_tokenizer":  object{"type": "Split", "pattern": object{"Regex": t.pieces()}, "behavior": "Removed", "invert": true},
		"post_processor": t.beginning(vocab),
		"decoder":        t.decoder(),
		"model":          object{"type": "WordLevel", "vocab": vocab, "unk_token": t.unknown},
	})
	if err != nil {
		return nil, err
	}
	of := object{
		"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": t.Names[t.BOS()], "unk_token": t.unknown, "model_max_length": t.most,
		"clean_up_tokenization_spaces": false, "model_input_names": []string{"input_ids", "attention_mask"},
	}
	if t.End >= 0 {
		of["eos_token"] = t.Names[t.End]
	}
	config, err := marshal(of)
	return []export.File{export.Text("tokenizer.json", tokens), export.Text("tokenizer_config.json", config)}, err
}

// special are the tokens that stand for no text.
func (t Tokenizer) special(vocab object) []object {
	names := []string{t.Names[t.BOS()], t.unknown}
	for _, id := range []int{t.vocab.Begin, t.vocab.End} {
		if id >= 0 {
			names = append(names, t.Names[id])
		}
	}
	slices.SortFunc(names, func(a, b string) int { return vocab[a].(int) - vocab[b].(int) })
	var list []object
	for _, name := range names {
		list = append(list, object{
			"id": vocab[name], "content": name, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true,
		})
	}
	return list
}

// beginning puts before a text what it begins with.
func (t Tokenizer) beginning(vocab object) object {
	begin := []string{t.Names[t.BOS()]}
	if t.Begin >= 0 {
		begin = append(begin, t.Names[t.Begin])
	}
	single, known := []object{}, object{}
	for _, name := range begin {
		single = append(single, object{"SpecialToken": object{"id": name, "type_id": 0}})
		known[name] = object{"id": name, "ids": []any{vocab[name]}, "tokens": []string{name}}
	}
	sequence := func(id string) object { return object{"Sequence": object{"id": id, "type_id": 0}} }
	single = append(single, sequence("A"))
	return object{"type": "TemplateProcessing", "single": single, "pair": append(slices.Clone(single), sequence("B")), "special_tokens": known}
}

// pieces is an expression for the tokens in a text. What it passes over is white space.
func (t Tokenizer) pieces() string {
	names := t.Names[:t.BOS()]
	mixed := slices.ContainsFunc(names, func(n string) bool { return strings.ContainsFunc(n, unicode.IsSpace) && strings.TrimSpace(n) != "" })
	switch {
	case mixed && t.vocab.Split() == text.Words:
		return anyOf(names, `\S`)
	case t.vocab.Split() == text.Words:
		return anyOf(blank(names), `\S+`)
	}
	return anyOf(blank(names), `\S`)
}

// blank are the names that are white space.
func blank(names []string) []string {
	var list []string
	for _, n := range names {
		if strings.TrimSpace(n) == "" {
			list = append(list, n)
		}
	}
	return list
}

// anyOf is an expression for any of the names, longer ones first, or else what is said.
func anyOf(names []string, or string) string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) })
	for i, name := range names {
		names[i] = regexp.QuoteMeta(name)
	}
	return strings.Join(append(names, or), "|")
}

// decoder puts tokens together to a text; words have a space between them by themselves.
func (t Tokenizer) decoder() any {
	if t.vocab.Split() == text.Words {
		return nil
	}
	return object{"type": "Fuse"}
}

// marshal is JSON as people write it.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(value)
	return b.Bytes(), err
}
