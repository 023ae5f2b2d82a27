// Package text turns the bytes of a text into tokens, and tokens into text.
//
// In come bytes, UTF-8, and what a token is: a character, or a word between white
// space. Out come pieces with their places, or the ids of tokens in a vocabulary.
// A text is read as it is needed: memory does not grow with it, nor with the
// length of a line. The package knows names and ids, but neither models nor
// languages.
//
//	source.go      a file or a pipe that is read several times, with progress
//	lines.go       its lines, as they come
//	scanner.go     its characters or words, with their places
//	vocabulary.go  names and ids of tokens; tokens -> text
//	reader.go      text -> tokens of a vocabulary; sentences, and what is unknown
package text
