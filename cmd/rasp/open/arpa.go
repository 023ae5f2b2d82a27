package open

import (
	"path/filepath"
	"strings"

	"rasp/lang/diag"
	"rasp/lang/ngram"
	"rasp/lang/value"
	"rasp/runtime/perplexity"
	"rasp/runtime/text"
)

// ARPASuffix ends the name of an ARPA file, .gz or .zst behind it or not.
const ARPASuffix = ".arpa"

// IsARPA tells ARPA files by the name.
func IsARPA(file string) bool {
	packed := filepath.Ext(file)
	if packed == ".gz" || packed == ".zst" {
		file = strings.TrimSuffix(file, packed)
	}
	return filepath.Ext(file) == ARPASuffix
}

// ARPA reads a model of n-grams.
func ARPA(file string) (*ngram.Model, error) {
	in, err := text.Open(file, nil)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	m, err := ngram.ReadARPA(in, filepath.Base(file))
	if err != nil {
		return nil, Faultf(diag.Value, "", "%s: %s", file, err)
	}
	return m, nil
}

// gramWindow is how many tokens of a text are one window for n-grams. The result does
// not depend on it: each token has the context that the order asks for.
const gramWindow = 256

// PredictGrams makes the predictor of a model of n-grams.
func PredictGrams(m *ngram.Model, split string) (*Predictor, error) {
	var tokens []value.Value
	for _, name := range m.Tokens() {
		tokens = append(tokens, value.OfString(name))
	}
	texts, err := NewTexts(tokens, split)
	return &Predictor{Texts: texts, oracle: &gramScorer{ngram.NewQuery(m), len(tokens)}, Longest: gramWindow, Order: m.Order()}, err
}

// gramScorer scores by n-grams.
type gramScorer struct {
	query *ngram.Query
	vocab int // tokens
}

func (s *gramScorer) Score(windows []perplexity.Window) error {
	for _, w := range windows {
		for i := range w.Logs {
			at := w.From + i
			w.Logs[i], w.Orders[i] = s.query.Log(w.IDs[:at], w.IDs[at])
			w.Logs[i] = min(w.Logs[i], 0) // of a file that does not sum to 1
		}
	}
	return nil
}

func (s *gramScorer) Next(ids []int) ([]float64, error) {
	logs := make([]float64, s.vocab)
	s.query.Next(ids, logs)
	return logs, nil
}

func (s *gramScorer) Rows(ids []int, each func(position int, logs []float64) error) error {
	logs := make([]float64, s.vocab)
	for n := range ids {
		s.query.Next(ids[:n+1], logs)
		if err := each(n, logs); err != nil {
			return err
		}
	}
	return nil
}
