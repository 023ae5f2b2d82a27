package runtime

import "rasp/runtime/panel"

// stepping is the activations of the position that a step of decoding computes.
type stepping struct {
	x, z    panel.Position
	k, v, q features // of a layer
}

// step computes the logits of a position, the next of a sequence that grows: forward for one
// position, which goes only through what is not 0 there and, where keys are alike, through
// the classes of them.
func (w *worker) step(d *decoder, id int) []float32 {
	if d.stepping == nil {
		d.stepping = &stepping{x: panel.NewPosition(w.model.DModel), z: panel.NewPosition(w.values)}
	}
	s := d.stepping
	w.placeOne(&s.x, d.length, id)
	for l := range w.layers {
		layer, c := &w.layers[l], &d.block.cache[l]
		layer.attended(w, s)
		c.put(d.length, d.written, layer, s)
		s.z.Clear()
		for _, a := range d.alike[l] {
			if !a.attend(s, c, d.length+1) {
				w.attendAll(s, c, &a.head, d.length+1)
			}
		}
		layer.output.addOne(w, &s.x, &s.z)
		w.mlpOne(layer, s)
	}
	return w.readout.one(w, &s.x, panel.Store).Values
}

// placeOne is what the token is plus where it stands.
func (w *worker) placeOne(x *panel.Position, position, id int) {
	e := &w.embedding
	x.Clear()
	for row, dim := range e.moved {
		x.Set(int(dim), e.positions.Data[row*e.positions.Stride+position])
	}
	if e.full != nil {
		for d, v := range row(e.full, id, w.model.DModel) {
			x.Set(d, x.Values[d]+v)
		}
		return
	}
	for _, n := range e.entries[e.start[id]:e.start[id+1]] {
		x.Set(int(n.dim), x.Values[n.dim]+n.weight)
	}
}

// put makes key and value of a position those of the step. From position written on there are
// zeros so far.
func (c *cache) put(position, written int, l *layer, s *stepping) {
	s.k.put(c.k, l.dims, position, position >= written)
	s.v.put(c.v, l.values, position, position >= written)
}

func (f features) put(to panel.Panel, n, position int, zeros bool) {
	if zeros {
		for i := f.next(0, n); i < n; i = f.next(i+1, n) {
			to.Data[i*to.Stride+position] = f.at(i)
		}
		return
	}
	for i, v := range f.values(0, n) {
		to.Data[i*to.Stride+position] = v
	}
}

// attended computes key, value and query: side by side where all are sparse.
func (l *layer) attended(w *worker, s *stepping) {
	if l.key.sparse == nil || l.value.sparse == nil || l.query.sparse == nil {
		s.k.of, s.v.of, s.q.of = l.key.one(w, &s.x, panel.Store), l.value.one(w, &s.x, panel.Store), l.query.one(w, &s.x, panel.Store)
		s.k.first, s.v.first, s.q.first = 0, 0, 0
		return
	}
	if l.beside == nil {
		l.beside = panel.NewAlone(panel.Beside(l.key.sparse, l.value.sparse, l.query.sparse), panel.Store, nil)
	}
	y := l.beside.Apply(&s.x)
	s.k, s.v, s.q = features{y, 0}, features{y, l.dims}, features{y, l.dims + l.values}
}

// attendAll asks all keys one by one.
func (w *worker) attendAll(s *stepping, c *cache, h *head, keys int) {
	panel.Attend(&panel.Head{
		Q: panel.Panel{Data: s.q.values(h.dim, h.dims), Stride: 1}, K: c.k.Rows(h.dim), Dims: h.dims,
		V: c.v.Rows(h.value), Z: s.z.Panel().Rows(h.value), Values: h.values,
		Queries: 1, Keys: keys, Past: keys - 1, Single: 1,
	}, &w.scratch)
	s.z.Look(h.value, h.value+h.values)
}

// mlpOne adds what the neurons of a layer write.
func (w *worker) mlpOne(l *layer, s *stepping) {
	w.fired = w.fired[:0]
	if len(l.lookup.families) > 0 {
		w.fired = l.lookup.find(w.fired, s.x.Panel(), 1)
	}
	l.out.addOne(w, &s.x, l.in.one(w, &s.x, panel.ReLU))
	for _, f := range w.fired {
		for _, e := range l.lookup.writes(f) {
			d := int(e.In)
			s.x.Set(d, s.x.Values[d]+float32(e.Weight*f.value))
		}
	}
}
