package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// The keys of the metadata. Each value is JSON, but for the version, a number,
// and the program and the digest, plain text.
const (
	keyMetadata    = "__metadata__" // of all the others, in the header
	keyVersion     = "rasp_model"   // says that the file is one of ours
	keyConfig      = "config"
	keyVocab       = "vocab"
	keyOutputs     = "outputs"
	keyProvenance  = "provenance"
	keyCertificate = "certificate"
	keyProgram     = "program"
	keyWitness     = "witness" // optional
	keyNames       = "names"   // optional
	keyLoads       = "loads"   // files that the program loads; left out if there are none
	keyInputs      = "inputs"  // their form; left out if they are of any
	keyDigest      = "digest"
	keySparse      = "sparse" // shapes of the tensors that are stored as what is not zero
)

// metadataNames are the keys, by their folded form.
func metadataNames() map[string]string {
	names := map[string]string{}
	for _, key := range []string{
		keyVersion, keyConfig, keyVocab, keyOutputs, keyProvenance, keyCertificate, keyProgram, keyWitness, keyNames, keyLoads, keyInputs, keyDigest, keySparse, keyMetadata,
	} {
		names[fold(key)] = key
	}
	return names
}

// formatVersion is the latest that can be read. A file is written as the least that has
// what it needs, so that older readers know it: 2 has sparse tensors, 3 a form of inputs,
// which a reader must not pass over.
const formatVersion = 3

// fileConfig is the configuration as TransformerLens spells it; it may be given
// to HookedTransformerConfig.from_dict as it is.
type fileConfig struct {
	Layers       int     `json:"n_layers"`
	Heads        int     `json:"n_heads"`
	DModel       int     `json:"d_model"`
	DHead        int     `json:"d_head"`
	DMLP         int     `json:"d_mlp"`
	Vocab        int     `json:"d_vocab"`     // BOS included
	VocabOut     int     `json:"d_vocab_out"` // columns of W_U
	NCtx         int     `json:"n_ctx"`
	Activation   string  `json:"act_fn"`
	Norm         *string `json:"normalization_type"`
	ScaledScores bool    `json:"use_attn_scale"`
	Direction    string  `json:"attention_dir"`
}

func (m *Model) fileConfig() fileConfig {
	direction := "bidirectional"
	if m.Causal {
		direction = "causal"
	}
	return fileConfig{
		Layers: m.Layers, Heads: m.Heads, DModel: m.DModel, DHead: m.DHead, DMLP: m.DMLP,
		Vocab: len(m.Vocab) + 1, VocabOut: m.width(), NCtx: m.NCtx,
		Activation: "relu", Direction: direction,
	}
}

// setConfig takes the configuration from the metadata, and refuses transformers of
// other kinds than Model.
func (m *Model) setConfig(metadata map[string]string) (f fileConfig, err error) {
	if err := checkVersion(metadata); err != nil {
		return f, err
	}
	text := metadata[keyConfig]
	if err := parsePart(metadata, keyConfig, &f, (&fileConfig{}).checkLists(keyConfig, text)); err != nil {
		return f, err
	}
	switch {
	case f.Activation != "relu":
		err = fmt.Errorf("config: act_fn is %q, only relu is supported", f.Activation)
	case f.Norm != nil:
		err = fmt.Errorf("config: normalization_type is %q, only null is supported", *f.Norm)
	case f.ScaledScores:
		err = errors.New("config: use_attn_scale is true, only false is supported")
	case f.Direction != "causal" && f.Direction != "bidirectional":
		err = fmt.Errorf("config: attention_dir is %q, expected causal or bidirectional", f.Direction)
	}
	m.Config = Config{
		Layers: f.Layers, Heads: f.Heads, DModel: f.DModel, DHead: f.DHead, DMLP: f.DMLP,
		NCtx: f.NCtx, Causal: f.Direction == "causal", Inputs: m.Inputs,
	}
	return f, err
}

// metadata is everything of the model that is not a tensor, the shapes of those that
// are stored sparse, and a place for the digest.
func (m *Model) metadata(sparse map[string][]int) (map[string]string, error) {
	parts := map[string]any{
		keyConfig: m.fileConfig(), keyVocab: m.Vocab, keyOutputs: m.Outputs,
		keyProvenance: m.Provenance, keyCertificate: m.Certificate,
	}
	if len(m.Loads) > 0 {
		parts[keyLoads] = m.Loads
	}
	version := 1
	if len(sparse) > 0 {
		version, parts[keySparse] = 2, sparse
	}
	if m.Inputs != "" {
		version, parts[keyInputs] = 3, m.Inputs
	}
	metadata := map[string]string{keyVersion: strconv.Itoa(version), keyProgram: m.Source, keyDigest: noDigest}
	if m.Witness != "" {
		metadata[keyWitness] = m.Witness
	}
	if m.Names != "" {
		metadata[keyNames] = m.Names
	}
	for key, part := range parts {
		text, err := marshal(part)
		if err != nil {
			return nil, fmt.Errorf("metadata %q: %w", key, err)
		}
		metadata[key] = text
	}
	return metadata, nil
}

// setMetadata takes what is neither tensors nor the configuration, which it must fit.
func (m *Model) setMetadata(metadata map[string]string, config fileConfig) error {
	m.Source, m.Witness, m.Names = metadata[keyProgram], metadata[keyWitness], metadata[keyNames]
	parts := []struct {
		key    string
		target any
	}{
		{keyVocab, &m.Vocab}, {keyOutputs, &m.Outputs}, {keyProvenance, &m.Provenance}, {keyCertificate, &m.Certificate}, {keyLoads, &m.Loads}, {keyInputs, &m.Inputs},
	}
	for _, p := range parts {
		if _, ok := metadata[p.key]; !ok && (p.key == keyLoads || p.key == keyInputs) {
			continue
		}
		if err := parsePart(metadata, p.key, p.target, config.checkLists(p.key, metadata[p.key])); err != nil {
			return err
		}
	}
	if metadata[keyVersion] == "3" && m.Inputs == "" {
		return fmt.Errorf("metadata %q is missing, of which the format version 3 speaks", keyInputs)
	}
	switch {
	case config.Vocab != len(m.Vocab)+1:
		return fmt.Errorf("config: d_vocab is %d, the vocabulary and BOS make %d", config.Vocab, len(m.Vocab)+1)
	case config.VocabOut != m.width():
		return fmt.Errorf("config: d_vocab_out is %d, the outputs make %d", config.VocabOut, m.width())
	}
	return nil
}

// parsePart reads a part of the metadata, if it is not tooLong.
func parsePart(metadata map[string]string, key string, target any, tooLong error) error {
	text, ok := metadata[key]
	if !ok {
		return fmt.Errorf("metadata %q is missing", key)
	}
	if tooLong != nil {
		return tooLong
	}
	if err := parseJSON([]byte(text), target); err != nil {
		return fmt.Errorf("metadata %q: %w", key, err)
	}
	return nil
}

func checkVersion(metadata map[string]string) error {
	text, ok := metadata[keyVersion]
	if !ok {
		return fmt.Errorf("a safetensors file, but not a compiled model: the metadata has no %q", keyVersion)
	}
	version, err := strconv.Atoi(text)
	if err != nil || version < 1 {
		return fmt.Errorf("metadata %q: %q is not a version", keyVersion, text)
	}
	if version > formatVersion {
		return fmt.Errorf("the file has format version %d, this program reads up to %d", version, formatVersion)
	}
	return nil
}

// parseJSON reads JSON, and refuses keys that other readers might take otherwise; its
// errors name no type of Go.
func parseJSON(text []byte, target any) error {
	if err := json.Unmarshal(text, target); err != nil {
		return inWords(err)
	}
	return checkKeys(text, namesIn(target))
}

// inWords is an error of encoding/json without types of Go.
func inWords(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	place := "there"
	if wrong.Field != "" {
		place = "at " + wrong.Field
	}
	return fmt.Errorf("the JSON %s is of another kind than expected %s", wrong.Value, place)
}

// marshal is JSON on one line, keys of maps sorted, < and > as they are.
func marshal(v any) (string, error) {
	var b bytes.Buffer
	err := encode(&b, v)
	return b.String(), err
}

// encode appends what marshal gives.
func encode(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the end of the line
	return nil
}
