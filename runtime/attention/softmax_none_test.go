//go:build !amd64 || noasm

package attention

func implementations() map[string]func(*scores) {
	return map[string]func(*scores){"generic": softmaxGeneric}
}
