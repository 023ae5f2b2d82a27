package runtime

import (
	"sync"
	"time"

	"rasp/runtime/internal/parallel"
	"rasp/runtime/panel"
)

// worker is what one goroutine needs to compute positions of a block, a tile of
// them at a time.
type worker struct {
	*schedule
	threads int    // of a product of matrices
	crew    *crew  // the same for a single position
	tiles   []span // its positions
	room    int    // positions of the panels

	q, z, hidden panel.Panel
	columns      panel.Panel // logits [width, positions]
	classes      []int32     // of an output [positions]
	logits       []float32   // [positions, width]
	in, out      []float32   // one position
	scratch      panel.Scratch
	census       census
	fired        []fired // neurons of a tile that were looked up
}

// take makes the positions from..to of a block those of the worker.
func (w *worker) take(from, to int) {
	w.reserve(to - from)
	w.tiles = w.tiles[:0]
	for ; from < to; from += w.tile {
		w.tiles = append(w.tiles, span{from: from, to: min(from+w.tile, to)})
	}
}

func (w *worker) reserve(positions int) {
	if positions = min(positions, w.tile); positions <= w.room {
		return
	}
	w.room = min(w.tile, 2*positions)
	w.q, w.z = panel.New(w.dims, w.room), panel.New(w.values, w.room)
	w.hidden = panel.New(w.neurons, w.room)
	if w.readout.sparse != nil {
		w.columns = panel.New(len(w.model.BU), w.room)
		w.classes = make([]int32, w.room+panel.Lanes)
	}
}

// logitsOf is room for so many positions.
func (w *worker) logitsOf(positions int) []float32 {
	n := positions * len(w.model.BU)
	if len(w.logits) < n {
		w.logits = make([]float32, n)
	}
	return w.logits[:n]
}

// position copies the first position of x [features, positions].
func (w *worker) position(x panel.Panel, features int) []float32 {
	if len(w.in) < features {
		w.in = make([]float32, features)
	}
	for i := range features {
		w.in[i] = x.Data[i*x.Stride]
	}
	return w.in[:features]
}

// output is room for a position.
func (w *worker) output(features int) []float32 {
	if len(w.out) < features {
		w.out = make([]float32, features)
	}
	return w.out[:features]
}

// team is the workers of a session. Its goroutines live for one call, so that a
// session that is no longer used leaves nothing behind.
type team struct {
	workers []*worker
	own     func(int) // has a worker take blocks of its own
	joint   *block    // that all work on
	bodies  []func()  // of the goroutines that do
	running sync.WaitGroup
}

// assemble makes workers that, if there is no joint block, do work with one of
// their own.
func (t *team) assemble(p *schedule, threads int, work func(*worker, *block)) {
	blocks := make([]*block, threads)
	for i := range threads {
		w := &worker{schedule: p, crew: newCrew(1)}
		blocks[i] = newBlock()
		t.workers = append(t.workers, w)
		t.bodies = append(t.bodies, func() {
			defer t.running.Done()
			w.forward(t.joint)
		})
	}
	t.own = func(i int) { work(t.workers[i], blocks[i]) }
	t.workers[0].crew = newCrew(threads) // a single position is its work
}

// apart has all workers take blocks of their own, which would take one of them so long.
func (t *team) apart(alone time.Duration) {
	t.divide(len(t.workers))
	parallel.Do(len(t.workers), len(t.workers), alone, t.own)
}

// start runs the first workers, which meet, one of them in the goroutine of the caller, and
// waits for them.
func (t *team) start(workers int) {
	t.divide(workers)
	t.running.Add(workers)
	for _, body := range t.bodies[1:workers] {
		go body()
	}
	t.bodies[0]()
	t.running.Wait()
}

// divide gives workers, so many of which run, the threads that there are.
func (t *team) divide(workers int) {
	for _, w := range t.workers {
		w.threads = len(t.workers) / workers
	}
}

// share is the least number of positions that are worth another worker.
const share = 32

// together divides the positions of a block among the workers.
func (t *team) together(b *block) {
	n := len(b.ids)
	b.workers = min(len(t.workers), (n+share-1)/share)
	each := (n + b.workers - 1) / b.workers
	each = (each + panel.Lanes - 1) / panel.Lanes * panel.Lanes
	b.workers = (n + each - 1) / each
	for i := range b.workers {
		t.workers[i].take(i*each, min((i+1)*each, n))
	}
	t.joint = b
	t.start(b.workers)
	t.joint = nil
}
