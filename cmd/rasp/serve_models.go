package main

import (
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
	engine runtime.Engine
	runner open.Runner
	inside *inside.Model // once it is asked for
	used   int
}

func newShelf(most int) *shelf { return &shelf{most: most, models: map[string]*shelved{}} }

// keep gives a model a handle, and lets the one that was not used for longest go where there
// are too many.
func (s *shelf) keep(m *model.Model) (handle string, kept *shelved, err error) {
	engine, err := open.Device{}.Engine(m, goruntime.NumCPU())
	if err != nil {
		return "", nil, err
	}
	runner, err := open.Loaded(m, "", engine)
	if err != nil {
		return "", nil, err
	}
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
	handle = fmt.Sprintf("m%d", s.made)
	kept = &shelved{Model: m, engine: engine, runner: runner, used: s.now}
	s.models[handle] = kept
	return handle, kept, nil
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
