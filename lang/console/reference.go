package console

import "slices"

// Word is one that a program finds: of the language, or a name of the library.
type Word struct {
	Name      string
	Signature string // sort(seq, key); the name, if it is not called
	Doc       string // sentences, in lines
	Source    string // of the library's, its definition
}

// Reference are the words of the language, the names of the library and the commands.
func Reference() []Word {
	var list []Word
	for _, e := range slices.Concat(library(), base, forms, commands) {
		list = append(list, Word{e.name, e.signature, e.doc, e.source})
	}
	return list
}
