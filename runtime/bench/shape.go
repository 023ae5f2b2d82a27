package bench

import (
	"fmt"
	"strconv"
	"strings"

	"rasp/runtime/model"
)

// ParseShape reads the shape of a causal model and the size of its vocabulary, such
// as d_model=768,layers=12,heads=12,vocab=50257,length=1024: d_mlp is four times
// d_model, and d_head d_model by heads, if they are not given.
func ParseShape(shape string) (c model.Config, vocab int, err error) {
	sizes := map[string]int{"d_model": 0, "layers": 0, "heads": 0, "vocab": 0, "length": 0, "d_head": -1, "d_mlp": -1}
	for part := range strings.SplitSeq(shape, ",") {
		name, text, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(text)
		if _, known := sizes[name]; !known || err != nil || n < 1 || n > 1<<20 {
			return c, 0, fmt.Errorf("%q is not one of the sizes of a model", part)
		}
		sizes[name] = n
	}
	for _, name := range []string{"d_model", "layers", "heads", "vocab", "length"} {
		if sizes[name] == 0 {
			return c, 0, fmt.Errorf("%s is missing", name)
		}
	}
	if sizes["d_head"] < 0 {
		sizes["d_head"] = max(sizes["d_model"]/sizes["heads"], 1)
	}
	if sizes["d_mlp"] < 0 {
		sizes["d_mlp"] = 4 * sizes["d_model"]
	}
	return model.Config{
		Layers: sizes["layers"], Heads: sizes["heads"], DModel: sizes["d_model"], DHead: sizes["d_head"],
		DMLP: sizes["d_mlp"], NCtx: sizes["length"] + 1, Causal: true,
	}, sizes["vocab"], nil
}
