package runtime

import (
	"rasp/runtime/model"
	"rasp/runtime/panel"
)

// The forward pass, top to bottom. Activations are panels [features, positions];
// a worker computes some of the positions of a block, tile by tile, and meets
// the others only where keys and values have to be complete. The package comment
// has the formulas and what may be relied on.

// forward computes the logits of the worker's positions.
func (w *worker) forward(b *block) {
	for _, t := range w.tiles {
		w.embed(b, t)
	}
	w.census.of = nobody
	for l := range w.layers {
		layer, cache := &w.layers[l], &b.cache[l%len(b.cache)]
		for _, t := range w.tiles {
			w.remember(b, layer, cache, t)
		}
		b.meet()
		for _, t := range w.tiles {
			w.attention(b, layer, cache, t)
			w.mlp(b, layer, t)
		}
	}
	for _, t := range w.tiles {
		w.unembed(b, t)
	}
}

// embed starts the residual stream: what the token is plus where it stands.
func (w *worker) embed(b *block, t span) {
	w.place(b, t)
	x, ids := b.x.From(t.from), b.ids[t.from:t.to]
	switch e := &w.embedding; {
	case e.full != nil:
		for i, id := range ids {
			for d, v := range row(e.full, id, w.model.DModel) {
				x.Data[d*x.Stride+i] += v
			}
		}
	case e.dims != nil:
		for n, d := range e.dims {
			weights, x := row(e.weights, n, e.tokens()), x.Rows(int(d)).Data[:len(ids)]
			for i, id := range ids {
				x[i] += weights[id]
			}
		}
	default:
		for i, id := range ids {
			at := x.Data[i:]
			for _, n := range e.entries[e.start[id]:e.start[id+1]] {
				at[int(n.dim)*x.Stride] += n.weight
			}
		}
	}
}

// place starts with W_pos.
func (w *worker) place(b *block, t span) {
	e, spans := &w.embedding, b.during(t)
	for d := range w.model.DModel {
		clear(b.x.Row(d)[t.from:t.to])
	}
	for row, d := range e.moved {
		x := b.x.Row(int(d))
		for _, s := range spans {
			from, to := max(s.from, t.from), min(s.to, t.to)
			copy(x[from:to], e.positions.Row(row)[b.past+from-s.from:])
		}
	}
}

// remember computes keys and values, which other positions will ask for.
func (w *worker) remember(b *block, l *layer, c *cache, t span) {
	x, n := b.x.From(t.from), t.to-t.from
	l.key.apply(w, c.k.From(b.past+t.from), x, n, panel.Store)
	l.value.apply(w, c.v.From(b.past+t.from), x, n, panel.Store)
}

// attention adds what the heads of a layer move between positions.
func (w *worker) attention(b *block, l *layer, c *cache, t span) {
	x, n := b.x.From(t.from), t.to-t.from
	l.query.apply(w, w.q, x, n, panel.Store)
	for _, s := range b.during(t) {
		from, to := max(s.from, t.from), min(s.to, t.to)
		k, v := c.k.From(s.from), c.v.From(s.from)
		q, z := w.q.From(from-t.from), w.z.From(from-t.from)
		seen := panel.Head{Queries: to - from, Keys: b.past + s.to - s.from, Past: b.past + s.to - s.from}
		if w.model.Causal {
			seen.Past = b.past + from - s.from
			seen.Keys = seen.Past + seen.Queries
		}
		w.census.take(b, s, l.kinds, c.v)
		seen.Single = max(0, to-max(from, s.to-panel.Single(s.to-s.from)))
		for n, h := range l.heads {
			if l.kinds != nil && l.kinds[n] != nil && w.census.few() {
				w.census.show(n, l.kinds[n], b.ids[from:to], z)
				continue
			}
			seen.Q, seen.K, seen.Dims = q.Rows(h.dim), k.Rows(h.dim), h.dims
			seen.V, seen.Z, seen.Values = v.Rows(h.value), z.Rows(h.value), h.values
			panel.Attend(&seen, &w.scratch)
		}
	}
	l.output.apply(w, x, w.z, n, panel.Add)
}

// mlp adds, at each position by itself, what the neurons of a layer write.
func (w *worker) mlp(b *block, l *layer, t span) {
	x, n := b.x.From(t.from), t.to-t.from
	w.fired = l.lookup.find(w.fired[:0], x, n)
	l.in.apply(w, w.hidden, x, n, panel.ReLU)
	l.out.apply(w, x, w.hidden, n, panel.Add)
	l.lookup.write(x, w.fired)
}

// unembed reads the logits off the residual stream and shows them, or what they decode to.
func (w *worker) unembed(b *block, t span) {
	t.from = max(t.from, b.shown)
	if t.from >= t.to {
		return
	}
	x, n := b.x.From(t.from), t.to-t.from
	if b.visit == nil && w.readout.sparse != nil {
		w.readout.apply(w, w.columns, x, n, panel.Store)
		w.decode(b, t)
		return
	}
	width := len(w.model.BU)
	logits := w.logitsOf(n)
	w.readout.readout(w, logits, x, n)
	visit := b.visit
	if visit == nil {
		visit = b.decode(w.model.Outputs)
	}
	for _, s := range b.during(t) {
		for i := max(s.from, t.from); i < min(s.to, t.to); i++ {
			visit(s.input, b.past+i-s.from, row(logits, i-t.from, width))
		}
	}
}

// decode reads the results of Run off the logits of a tile, which are in w.columns. BOS has none.
func (w *worker) decode(b *block, t span) {
	for o := range w.model.Outputs {
		output := &w.model.Outputs[o]
		byClass := !output.Numeric() && !output.Next
		if byClass {
			panel.Largest(w.classes, w.columns.Rows(output.Column), len(output.Classes), t.to-t.from)
		}
		for _, s := range b.during(t) {
			from, to := max(s.from+1, t.from), min(s.to, t.to)
			if from >= to {
				continue
			}
			tokens := b.results[s.input][o][from-s.from-1 : to-s.from-1]
			if byClass {
				for i, class := range w.classes[from-t.from : to-t.from] {
					tokens[i] = output.Token(class)
				}
				continue
			}
			columns := w.columns.From(from - t.from)
			output.DecodeColumns(tokens, columns.Data, columns.Stride)
		}
	}
}

// decode is a visit that does so position by position.
func (b *block) decode(outputs []model.Output) Visit {
	return func(input, position int, logits []float32) {
		for o := range outputs {
			if position > 0 {
				b.results[input][o][position-1] = outputs[o].Decode(logits)
			}
		}
	}
}
