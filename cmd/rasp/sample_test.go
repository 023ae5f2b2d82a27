package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

// A Parquet file has what the JSON lines have, with one type a column.
func TestParquetIsTheJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	const program = "#rasp:vocab [\"a\", 1, 2.5, true]\n#rasp:length 3\nhalf = indices / 2;\nsame = tokens;\nis = tokens == \"a\";\nsome = indices if tokens == \"a\" else 0.5;\nn = length;\n"
	require.NoError(t, os.WriteFile("mixed.rasp", []byte(program), 0o644))
	for _, test := range []struct {
		args  string
		types map[string]string
	}{
		{"mixed.rasp --all --output half,is,n", map[string]string{"input": "JSON", "output_half": "DOUBLE", "output_is": "BOOLEAN", "output_n": "INT(64,true)"}},
		{"mixed.rasp --all --output some", map[string]string{"input": "JSON", "output": "DOUBLE"}},
		{"reverse -n 300", map[string]string{"input": "STRING", "output": "STRING"}},
		{"nth -n 40 --pairs nth", map[string]string{"clean": "STRING", "clean_output": "INT(64,true)", "changed": "INT(64,true)", "position": "INT(64,true)", "clean_value": "INT(64,true)"}},
	} {
		require.NoError(t, os.WriteFile("nth.rasp", []byte("#rasp:vocab \"abc\"\n#rasp:length 5\nnth = selector_width(select(tokens, tokens, ==) and select(indices, indices, <=));\n"), 0o644))
		words := append([]string{"sample"}, strings.Fields(strings.Replace(test.args, "nth ", "nth.rasp ", 1))...)
		status, lines, stderr := executed(context.Background(), nil, words...)
		require.Zero(t, status, stderr)
		status, _, stderr = executed(context.Background(), nil, append(words, "-o", "set.parquet")...)
		require.Zero(t, status, stderr)
		content, err := os.ReadFile("set.parquet")
		require.NoError(t, err)
		f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		for name, typ := range test.types {
			var leaf parquet.Node
			for _, field := range f.Schema().Fields() {
				if field.Name() == name {
					for leaf = field; !leaf.Leaf(); leaf = leaf.Fields()[0] {
						require.False(t, leaf.Optional())
					}
				}
			}
			require.NotNil(t, leaf, name)
			require.Equal(t, typ, leaf.Type().String(), name)
		}
		requireRows(t, f, strings.Split(strings.TrimSpace(lines), "\n"))
	}
}

// requireRows compares the rows of a file with JSON lines.
func requireRows(t *testing.T, f *parquet.File, lines []string) {
	t.Helper()
	require.Equal(t, int64(len(lines)), f.NumRows())
	rows, row := f.RowGroups()[0].Rows(), make([]parquet.Row, 1)
	defer rows.Close()
	columns := f.Schema().Columns()
	for _, line := range lines {
		var want map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(line), &want))
		n, _ := rows.ReadRows(row)
		require.Equal(t, 1, n)
		got := map[string][]string{}
		for _, v := range row[0] {
			name := columns[v.Column()][0]
			require.Equal(t, len(got[name]) > 0, v.RepetitionLevel() > 0)
			got[name] = append(got[name], v.String())
		}
		require.Len(t, got, len(want))
		for name, text := range want {
			var list []any
			if json.Unmarshal(text, &list) != nil {
				list = make([]any, 1)
				require.NoError(t, json.Unmarshal(text, &list[0]))
			}
			require.Len(t, got[name], len(list), name)
			for i, v := range list {
				require.Equal(t, fmt.Sprint(v), strings.Trim(got[name][i], `"`), "%s of %s", name, line)
			}
		}
	}
}
