package main

import (
	"context"

	"rasp/compiler/prove"
	"rasp/runtime/model"
)

// proof is the verdict of the second checker on a model, and why.
func proof(m *model.Model) (verdict prove.Verdict, says string) {
	ctx, cancel := context.WithTimeout(context.Background(), *patience)
	defer cancel()
	r, err := prove.Prove(m, prove.Options{Context: ctx})
	if err != nil {
		return prove.Open, err.Error()
	}
	if r.Reason != nil {
		says = r.Reason.Text
	}
	return r.Verdict, says
}

// lost reports that a model is refuted, or not proved where the right one is.
func lost(right, changed prove.Verdict) bool {
	return changed == prove.Refuted || changed == prove.Open && right != changed
}
