package main

import (
	"encoding/json"
	"fmt"
	goruntime "runtime"

	"rasp/cmd/rasp/open"
	"rasp/compiler/inside"
	"rasp/runtime"
	"rasp/runtime/model"
)

// shelf keeps models under handles, so many at most.
type shelf struct {
	most   int
	made   int // handles so far
	now    int // counts what is asked for
	models map[string]*shelved
}

// shelved is a model that is ready to run.
type shelved struct {
	*model.Model
	vocab  *open.Vocabulary
	weight int            // what is not 0
	ways   map[int]*ready // by how many goroutines there are
	inside *inside.Model  // once it is asked for
	used   int
}

// ready is a model with what runs it.
type ready struct {
	engine runtime.Engine
	runner open.Runner
}

func newShelf(most int) *shelf { return &shelf{most: most, models: map[string]*shelved{}} }

// keep gives a model a handle, and lets the one that was not used for longest go where there
// are too many.
func (s *shelf) keep(m *model.Model) (handle string, err error) {
	_, weight := m.Parameters()
	kept := &shelved{Model: m, weight: weight, ways: map[int]*ready{}}
	one, err := kept.way(1)
	if err != nil {
		return "", err
	}
	kept.vocab = one.runner.Vocabulary()
	if len(s.models) == s.most {
		oldest := ""
		for name, k := range s.models {
			if oldest == "" || k.used < s.models[oldest].used {
				oldest = name
			}
		}
		delete(s.models, oldest)
	}
	s.made++
	s.now++
	kept.used = s.now
	handle = fmt.Sprintf("m%d", s.made)
	s.models[handle] = kept
	return handle, nil
}

// alone is how many products one goroutine does sooner by itself than in company: waking
// another takes some 10 µs.
const alone = 1 << 17

// prepared is what runs so many bytes of inputs.
func (m *shelved) prepared(inputs []json.RawMessage) (*ready, error) {
	bytes := 0
	for _, input := range inputs {
		bytes += len(input)
	}
	if m.weight*bytes < alone {
		return m.way(1)
	}
	return m.way(goruntime.NumCPU())
}

func (m *shelved) way(threads int) (*ready, error) {
	if m.ways[threads] == nil {
		engine, err := open.Device{}.Engine(m.Model, threads)
		if err != nil {
			return nil, err
		}
		runner, err := open.Loaded(m.Model, "", engine)
		if err != nil {
			return nil, err
		}
		m.ways[threads] = &ready{engine, runner}
	}
	return m.ways[threads], nil
}

func (s *shelf) find(handle string) (*shelved, error) {
	m := s.models[handle]
	if m == nil {
		return nil, &rpcError{codeModel, fmt.Sprintf("no model has the handle %q", handle),
			&errorData{Text: "rasp: no such model\n", Hint: "compile or load it; of many models those that were not used for longest are let go (--models)"}}
	}
	s.now++
	m.used = s.now
	return m, nil
}

// program is a model beside its program.
func (m *shelved) program() (x *inside.Model, err error) {
	if m.inside == nil {
		m.inside, err = inside.New(m.Model)
	}
	return m.inside, err
}

// inside is a model that is kept by a handle, and what stands inside it.
func (s *server) inside(handle string) (*shelved, *inside.Model, error) {
	m, err := s.models.find(handle)
	if err != nil {
		return nil, nil, err
	}
	x, err := m.program()
	return m, x, err
}
