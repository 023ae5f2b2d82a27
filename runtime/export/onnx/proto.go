package onnx

import (
	"encoding/binary"

	"rasp/runtime/export"
)

// Field numbers and constants of onnx.proto (https://github.com/onnx/onnx).
const (
	irVersion, opset = 8, 17

	modelIR, modelProducer, modelGraph, modelOpset, modelMetadata = 1, 2, 7, 8, 14
	graphNode, graphName, graphWeight, graphInput, graphOutput    = 1, 2, 5, 11, 12
	nodeInput, nodeOutput, nodeName, nodeOperator, nodeAttribute  = 1, 2, 3, 4, 5
	attributeName, attributeInt, attributeInts, attributeType     = 1, 3, 8, 20
	tensorDims, tensorType, tensorName, tensorData                = 1, 2, 8, 9

	isInt, isInts = 2, 7 // types of attributes
	float32s      = 1    // types of elements
	int64s        = 7
)

// message is a protocol buffer that is being made
// (https://protobuf.dev/programming-guides/encoding).
type message []byte

// The wire types of the fields that ONNX has here.
const (
	varint  = 0
	sizedBy = 2 // a number of bytes, and these
)

func (m *message) tag(field, wire uint64) { *m = binary.AppendUvarint(*m, field<<3|wire) }

func (m *message) number(field uint64, x int64) {
	m.tag(field, varint)
	*m = binary.AppendUvarint(*m, uint64(x))
}

// size begins a field of so many bytes, which follow.
func (m *message) size(field uint64, bytes int64) {
	m.tag(field, sizedBy)
	*m = binary.AppendUvarint(*m, uint64(bytes))
}

func (m *message) text(field uint64, s string) { m.part(field, message(s)) }

func (m *message) part(field uint64, p message) {
	m.size(field, int64(len(p)))
	*m = append(*m, p...)
}

// modelHead is a ModelProto without its graph.
func modelHead(metadata [][2]string) message {
	var m, of message
	m.number(modelIR, irVersion)
	m.text(modelProducer, "rasp")
	of.text(1, "") // the operators of ONNX itself
	of.number(2, opset)
	m.part(modelOpset, of)
	for _, pair := range metadata {
		var p message
		p.text(1, pair[0])
		p.text(2, pair[1])
		m.part(modelMetadata, p)
	}
	return m
}

// attribute is of a node: an int, or several.
type attribute struct {
	name string
	ints []int64
	list bool
}

func (a attribute) message() message {
	var m message
	m.text(attributeName, a.name)
	if !a.list {
		m.number(attributeInt, a.ints[0])
		m.number(attributeType, isInt)
		return m
	}
	for _, x := range a.ints {
		m.number(attributeInts, x)
	}
	m.number(attributeType, isInts)
	return m
}

// node is a NodeProto with one output, after which it is named.
func node(operator string, inputs []string, output string, attributes []attribute) message {
	var m message
	for _, x := range inputs {
		m.text(nodeInput, x)
	}
	m.text(nodeOutput, output)
	m.text(nodeName, output)
	m.text(nodeOperator, operator)
	for _, a := range attributes {
		m.part(nodeAttribute, a.message())
	}
	return m
}

// value is a ValueInfoProto: dimensions are ints, or names of what may be any.
func value(name string, elements int64, dims ...any) message {
	var m, kind, tensor, shape message
	for _, d := range dims {
		var dim message
		switch d := d.(type) {
		case int:
			dim.number(1, int64(d))
		case string:
			dim.text(2, d)
		}
		shape.part(1, dim)
	}
	tensor.number(1, elements)
	tensor.part(2, shape)
	kind.part(1, tensor)
	m.text(1, name)
	m.part(2, kind)
	return m
}

// constant is a TensorProto of ints, of so many dimensions.
func constant(name string, ints []int64, dims ...int) message {
	var m message
	for _, d := range dims {
		m.number(tensorDims, int64(d))
	}
	m.number(tensorType, int64s)
	m.text(tensorName, name)
	var data []byte
	for _, x := range ints {
		data = binary.LittleEndian.AppendUint64(data, uint64(x))
	}
	m.part(tensorData, data)
	return m
}

// tensorHead is a TensorProto of weights, as an initializer of a graph, up to its data.
func tensorHead(t export.Tensor) []byte {
	var m message
	for _, d := range t.Shape {
		m.number(tensorDims, int64(d))
	}
	m.number(tensorType, float32s)
	m.text(tensorName, t.Name)
	m.size(tensorData, t.Size())
	var head message
	head.size(graphWeight, int64(len(m))+t.Size())
	return append(head, m...)
}
