// Package parquet writes tables as Parquet and reads them again. A column has numbers, truth
// values or texts, or structs of these, or lists of any of them; nothing is ever missing. It
// knows nothing of what the tables are about.
//
// The records of the format, the encodings of levels and texts and the compression are
// parquet-go's, of its packages format, encoding and compress. Its package parquet, which does
// all that there is in Parquet, is for the tests: whatever imports it imports protocol
// buffers, geometry and HTTP, too, and their variables are made whenever a process starts.
//
//	schema.go      fields of rows -> the tree of the schema and its columns
//	column.go      values of a column -> pages
//	statistics.go  values of a row group -> the least and the largest
//	write.go       rows -> row groups -> file
//	chunk.go       pages -> values of a column
//	read.go        file -> row groups -> rows
//
// Source: https://parquet.apache.org/docs/file-format; for levels, Melnik et al., Dremel, 2010.
package parquet

import (
	"fmt"
	"math/bits"
	"reflect"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Kind of values.
type Kind int

// Kinds of values; a Struct has fields.
const (
	Struct Kind = iota
	Bool
	Int32
	Int64
	Uint64
	Float
	Double
	Text
	JSON // as text
)

// physical is how a kind stands in a file, and what the file says of it beyond that.
var physical = [...]struct {
	of      format.Type
	size    int // bytes of a value; 0: another encoding
	logical format.LogicalTypeValue
	before  thrift.Null[deprecated.ConvertedType] // what was said instead, before there were logical types
}{
	Bool:   {of: format.Boolean},
	Int32:  {format.Int32, 4, &format.IntType{BitWidth: 32, IsSigned: true}, thrift.New(deprecated.Int32)},
	Int64:  {format.Int64, 8, &format.IntType{BitWidth: 64, IsSigned: true}, thrift.New(deprecated.Int64)},
	Uint64: {format.Int64, 8, &format.IntType{BitWidth: 64}, thrift.New(deprecated.Uint64)},
	Float:  {of: format.Float, size: 4},
	Double: {of: format.Double, size: 8},
	Text:   {of: format.ByteArray, logical: &format.StringType{}, before: thrift.New(deprecated.UTF8)},
	JSON:   {of: format.ByteArray, logical: &format.JsonType{}, before: thrift.New(deprecated.Json)},
}

// Field of a row: a value, or a list of such values.
type Field struct {
	Name   string
	Kind   Kind
	List   bool
	Fields []Field // of a Struct
}

// FieldsOf are those of a struct. Its tags say `parquet:"NAME"`, or `parquet:"NAME,list"`
// for a slice.
func FieldsOf(t reflect.Type) (fields []Field) {
	kinds := map[reflect.Kind]Kind{
		reflect.Struct: Struct, reflect.Bool: Bool, reflect.Int32: Int32, reflect.Int64: Int64,
		reflect.Uint64: Uint64, reflect.Float32: Float, reflect.Float64: Double, reflect.String: Text,
	}
	for i := range t.NumField() {
		name, list := strings.CutSuffix(t.Field(i).Tag.Get("parquet"), ",list")
		f, of := Field{Name: name, List: list}, t.Field(i).Type
		if list {
			of = of.Elem()
		}
		kind, known := kinds[of.Kind()]
		if !known {
			panic(fmt.Sprintf("parquet: a field of type %v", of))
		}
		if f.Kind = kind; kind == Struct {
			f.Fields = FieldsOf(of)
		}
		fields = append(fields, f)
	}
	return fields
}

// node is a field in the tree of the schema.
type node struct {
	Field
	depth    uint8   // lists that its values are in, its own among them
	children []*node // of a Struct
	column   *column // of all others
}

// schemaOf makes the tree of some fields; columns are its leaves, from left to right.
func schemaOf(fields []Field) (roots []*node, columns []*column) {
	for _, f := range fields {
		roots = append(roots, nodeOf(f, nil, 0, &columns))
	}
	return roots, columns
}

func nodeOf(f Field, above []string, depth uint8, columns *[]*column) *node {
	path := append(above[:len(above):len(above)], f.Name)
	if f.List {
		depth++
		path = append(path, "list", "element")
	}
	n := &node{Field: f, depth: depth}
	if f.Kind != Struct {
		n.column = &column{kind: f.Kind, path: path, depth: depth}
		*columns = append(*columns, n.column)
		return n
	}
	for _, child := range f.Fields {
		n.children = append(n.children, nodeOf(child, path, depth, columns))
	}
	return n
}

// first column of a node.
func (n *node) first() *column {
	for n.column == nil {
		n = n.children[0]
	}
	return n.column
}

// elements of the schema, from the root down: a list is a group of a group that is repeated.
func elements(name string, roots []*node) []format.SchemaElement {
	list := []format.SchemaElement{{Name: name, NumChildren: thrift.New(int32(len(roots)))}}
	for _, n := range roots {
		list = append(list, n.elements()...)
	}
	return list
}

func (n *node) elements() (list []format.SchemaElement) {
	e := format.SchemaElement{Name: n.Name, RepetitionType: thrift.New(format.Required)}
	if n.List {
		e.NumChildren, e.LogicalType.Value, e.ConvertedType = thrift.New(int32(1)), &format.ListType{}, thrift.New(deprecated.List)
		list = append(list, e, format.SchemaElement{Name: "list", RepetitionType: thrift.New(format.Repeated), NumChildren: thrift.New(int32(1))})
		e = format.SchemaElement{Name: "element", RepetitionType: thrift.New(format.Required)}
	}
	if n.Kind != Struct {
		p := &physical[n.Kind]
		e.Type, e.LogicalType.Value, e.ConvertedType = thrift.New(p.of), p.logical, p.before
		return append(list, e)
	}
	e.NumChildren = thrift.New(int32(len(n.children)))
	list = append(list, e)
	for _, child := range n.children {
		list = append(list, child.elements()...)
	}
	return list
}

// levels is how levels up to a depth are encoded.
func levels(depth uint8) *rle.Encoding { return &rle.Encoding{BitWidth: bits.Len8(depth)} }
