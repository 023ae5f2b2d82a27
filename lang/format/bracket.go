package format

import (
	"slices"

	"rasp/lang/syntax"
	"rasp/lang/value"
)

// item is one of the things between brackets.
type item struct {
	first, end int        // where its first token starts and its last one ends
	build      func() doc // to be called in the order of the text, for the comments
	short      bool       // a name or literal: many of them share a line
	bracketed  bool       // a list or dict: needs no line of its own where it is alone
}

func (p *printer) items(list []syntax.Expr) []item {
	items := make([]item, len(list))
	for i, x := range list {
		items[i] = item{firstToken(x), x.Span().End, func() doc { return p.expr(x) }, isShort(x), isBracketed(x)}
	}
	return items
}

// alone is the one item of a bracket that takes only one.
func (p *printer) alone(x syntax.Expr) []item {
	return []item{{firstToken(x), x.Span().End, func() doc { return p.inner(x) }, false, isBracketed(x)}}
}

func (p *printer) entries(x *syntax.Dict) []item {
	items := make([]item, len(x.Keys))
	for i, key := range x.Keys {
		of := x.Values[i]
		items[i] = item{
			first: firstToken(key), end: of.Span().End,
			build: func() doc { return p.entry(key, of) },
			short: isShort(key) && isShort(of),
		}
	}
	return items
}

func isShort(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Ident, *syntax.Literal:
		return true
	case *syntax.Unary:
		return x.Fn != value.Round && x.Fn != value.Indicator && isShort(x.X)
	}
	return false
}

func isBracketed(x syntax.Expr) bool {
	switch x.(type) {
	case *syntax.List, *syntax.Dict, *syntax.ListComp, *syntax.DictComp:
		return true
	}
	return false
}

// bracket puts items between brackets, the last of which stands at closing. If
// they do not fit on the line each gets its own, but short ones share lines. A
// comment behind an item goes above it.
func (p *printer) bracket(open string, items []item, shut string, closing int) doc {
	docs := make([]doc, len(items))
	above := make([][]*syntax.Comment, len(items))
	commented, short := false, true
	for i, it := range items {
		above[i] = p.above(it.first)
		docs[i] = withComma(p.in(p.mode.bracketed(), it.build), i < len(items)-1)
		limit := closing
		if i < len(items)-1 {
			limit = items[i+1].first
		}
		if p.mode == flat {
			continue
		}
		if c := p.behind(it.end, limit, ","); c != nil {
			above[i] = append(slices.Clip(above[i]), c)
		}
		commented = commented || len(above[i]) > 0
		short = short && it.short
	}
	last := p.above(closing)
	commented = commented || len(last) > 0
	switch {
	case !commented && len(items) == 0:
		return text(open + shut)
	case !commented && len(items) == 1 && items[0].bracketed:
		return cat{text(open), docs[0], text(shut)}
	case !commented && short:
		return grouped(text(open), nest{cat{line{soft: true}, filled(docs)}}, line{soft: true}, text(shut))
	}
	var parts cat
	for i, d := range docs {
		parts = append(parts, ownLines(above[i])...)
		parts = append(parts, line{soft: i == 0}, d)
	}
	parts = append(parts, ownLines(last)...)
	return grouped(text(open), nest{parts}, line{soft: true}, text(shut))
}

func withComma(d doc, comma bool) doc {
	if comma {
		return cat{d, text(",")}
	}
	return d
}

// filled puts a blank or a line break between docs.
func filled(docs []doc) doc {
	var f fill
	for i, d := range docs {
		if i > 0 {
			f = append(f, line{})
		}
		f = append(f, d)
	}
	return f
}

// ownLines are comments, each on a new line.
func ownLines(comments []*syntax.Comment) []doc {
	var docs []doc
	for _, c := range comments {
		docs = append(docs, line{hard: true}, text(textOf(c)))
	}
	return docs
}
