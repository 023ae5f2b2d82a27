package model_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/runtime/model"
	"rasp/runtime/model/modeltest"
)

// certified is a small model with a certificate, whose bits can all be tried.
func certified(t testing.TB) (*model.Model, []byte) {
	m := modeltest.Random(model.Config{DModel: 1, NCtx: 2}, 1, 0, 1)
	m.Certificate = model.Certificate{Exact: true, Length: 1, Claim: "exact", Checks: 1, Slack: 2}
	return m, encoded(t, m)
}

// TestEveryBit of a file counts: with any one of them flipped there is an error, or no
// certificate. That is so where the key of the digest is another.
func TestEveryBit(t *testing.T) {
	want, file := certified(t)
	uncertified := 0
	for i := range 8 * len(file) {
		file[i/8] ^= 1 << (i % 8)
		m, err := model.Read(bytes.NewReader(file))
		if err == nil {
			require.Zero(t, m.Certificate, "bit %d of byte %d", i%8, i/8)
			uncertified++
		}
		file[i/8] ^= 1 << (i % 8)
	}
	require.LessOrEqual(t, uncertified, 8*len(model.KeyDigest))
	m, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, want, m)
}

// TestDigest: what a change that is no accident gives.
func TestDigest(t *testing.T) {
	_, file := certified(t)
	changed := func(from, to string) []byte {
		require.Equal(t, 1, bytes.Count(file, []byte(from)), from)
		text := bytes.Replace(file[8:8+binary.LittleEndian.Uint64(file)], []byte(from), []byte(to), 1)
		return assemble(string(text), file[8+binary.LittleEndian.Uint64(file):])
	}
	digest := string(file[bytes.Index(file, []byte(`"digest":"`)):][10:74])
	for name, file := range map[string][]byte{
		"another config":          changed(`\"bidirectional\"`, `\"causal\"`),
		"another certificate":     changed(`\"slack\":2`, `\"slack\":9`),
		"a key of the future":     changed(`"__metadata__":{`, `"__metadata__":{"another":"1",`),
		"a space more":            changed(`"__metadata__":{`, `"__metadata__": {`),
		"the digest in capitals":  changed(digest, strings.ToUpper(digest)),
		"the digest spelled out":  changed(digest, fmt.Sprintf(`\u%04x%s`, digest[0], digest[1:])),
		"no digits in the digest": changed(digest, ""),
		"all digits the same":     changed(digest, strings.Repeat("0", 64)),
	} {
		_, err := model.Read(bytes.NewReader(file))
		require.ErrorContains(t, err, "the file is not the one that was written", name)
	}
	m, err := model.Read(bytes.NewReader(changed(`"digest":"`+digest+`",`, "")))
	require.NoError(t, err)
	require.Zero(t, m.Certificate)
	m, err = model.Read(bytes.NewReader(changed(`"digest":"`+digest+`"`, `"checksum":"`+digest+`"`)))
	require.NoError(t, err, "older files have a checksum of the weights alone")
	require.Zero(t, m.Certificate)
}

// TestWithoutDigest takes the file as it is, and nobody's word for it.
func TestWithoutDigest(t *testing.T) {
	file := edited(t, func(_, metadata map[string]any) { delete(metadata, model.KeyDigest) })
	got, err := model.Read(bytes.NewReader(file))
	require.NoError(t, err)
	want := modeltest.Tiny(1)
	want.Certificate = model.Certificate{}
	require.Equal(t, want, got)
}

// TestKeys: what readers of JSON could take in several ways is refused, even without a
// digest.
func TestKeys(t *testing.T) {
	file := edited(t, func(_, metadata map[string]any) { delete(metadata, model.KeyDigest) })
	length := binary.LittleEndian.Uint64(file)
	for _, c := range []struct{ from, to, error string }{
		{`"__metadata__":{`, `"__metadata__":{"vocab":"[]",`, `the key "vocab" stands twice in one object`},
		{`"__metadata__":{`, `"__metadata__":{"Vocab":"[]",`, `the key "Vocab" must be "vocab"`},
		{`"program":`, `"Program":`, `the key "Program" must be "program"`},
		{`"__metadata__":{`, `"__METADATA__":{},"__metadata__":{`, `the key "__METADATA__" must be "__metadata__"`},
		{`"dtype":"F32"`, `"Dtype":"F32"`, `the key "Dtype" must be "dtype"`},
		{`"dtype":"F32"`, `"dtype":"F32","dtype":"F32"`, `the key "dtype" stands twice in one object`},
		{`\"d_model\":5`, `\"D_model\":5`, `the key "D_model" must be "d_model"`},
		{`\"d_model\":5`, `\"d_model\":5,\"d_model\":5`, `the key "d_model" stands twice`},
		{`\"column\":4`, `\"column\":4,\"cla\u017f\u017fes\":[\"1\",\"2\"]`, `must be "classes"`},
		{`\"column\":4`, `\"column\":3,\"column\":4`, `the key "column" stands twice`},
		{`"unembed.b_U":`, `"unembed.B_U":{},"unembed.b_U":`, `tensor "unembed.B_U"`},
	} {
		require.Contains(t, string(file[8:8+length]), c.from)
		text := strings.Replace(string(file[8:8+length]), c.from, c.to, 1)
		_, err := model.Read(bytes.NewReader(assemble(text, file[8+length:])))
		require.ErrorContains(t, err, c.error)
	}
}
