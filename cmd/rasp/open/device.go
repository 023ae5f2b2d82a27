package open

import (
	"rasp/compiler/verify"
	"rasp/gpu"
	"rasp/runtime"
	"rasp/runtime/model"
)

// Device says where a model runs, and how.
type Device struct {
	CUDA  bool // an NVIDIA GPU; else the CPU
	Dense bool // multiply the zeros too, as a GPU does always
}

// Engine prepares a model to run on the device, with so many goroutines on a CPU. A
// GPU is kept to the end of the process, which gives it back.
func (d Device) Engine(m *model.Model, threads int) (runtime.Engine, error) {
	if !d.CUDA {
		return d.session(m, runtime.Threads(threads)), nil
	}
	device, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	s, err := device.NewSession(m)
	if err != nil {
		return nil, err // as itself: a nil session would be an engine
	}
	return s, nil
}

// Engines makes what runs the model for each of several goroutines: a session on
// the CPU, or the one GPU.
func (d Device) Engines(m *model.Model) (func() verify.Engine, error) {
	if !d.CUDA {
		return func() verify.Engine { return d.session(m) }, nil
	}
	engine, err := d.Engine(m, 1)
	return verify.Shared(engine), err
}

func (d Device) session(m *model.Model, choices ...runtime.Option) *runtime.Session {
	if d.Dense {
		choices = append(choices, runtime.Dense())
	}
	return runtime.NewSession(m, choices...)
}
