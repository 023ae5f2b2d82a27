package formulas

import (
	"context"

	"rasp/cmd/rasp/open"
	"rasp/runtime/next"
	"rasp/runtime/text"
)

// Sharpened is what a temperature makes of a model: p^(1/T), made to sum to 1.
type Sharpened struct {
	Temperature float64  `json:"temperature"`
	Bits        *float64 `json:"bits"`
	Right       float64  `json:"right"`
}

// sharpen measures test lines at several temperatures.
func sharpen(ctx context.Context, p *open.Predictor, test []string) ([]Sharpened, error) {
	var list []Sharpened
	for _, temperature := range []float64{0.25, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4} {
		bits, right, tokens := 0.0, 0, 0
		for _, line := range test {
			ids, _, _, err := text.Tokens(line, p.Vocabulary.Vocabulary, text.Reading{Split: p.Split, Sentences: true})
			if err != nil {
				return nil, nil // learn says why at the model itself
			}
			tempered := make([]float64, len(p.Names))
			err = p.Rows(ids[:len(ids)-1], func(at int, logs []float64) error {
				copy(tempered, logs)
				next.Temper(tempered, temperature)
				bits += bitsOf(tempered[ids[at+1]])
				if likeliest(tempered) == ids[at+1] {
					right++
				}
				tokens++
				return ctx.Err()
			})
			if err != nil {
				return nil, err
			}
		}
		list = append(list, Sharpened{temperature, finiteOrNil(bits / float64(tokens)), float64(right) / float64(tokens)})
	}
	return list, nil
}
