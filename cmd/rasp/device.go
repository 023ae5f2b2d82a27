package main

import (
	"errors"

	"github.com/spf13/cobra"

	"rasp/cmd/rasp/open"
	"rasp/gpu"
)

// deviceFlag says where a model runs, and how.
type deviceFlag struct {
	name  string
	dense bool
}

const (
	cpu  = "cpu"
	cuda = "cuda"
)

func (f *deviceFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.name, "device", cpu, "where the model runs: cpu, or cuda for an NVIDIA GPU")
	cmd.Flags().BoolVar(&f.dense, "dense", false, "multiply all weights of a model, the zeros too")
}

// check is the usage error for a device that does not exist, or flags that do not
// go with it; what would be reported late, after a compilation, comes early.
func (f *deviceFlag) check(cmd *cobra.Command) error {
	switch f.name {
	case cpu:
		return nil
	case cuda:
		if err := refuse(cmd, "the GPU multiplies all weights, always", "dense"); err != nil {
			return err
		}
		return refuse(cmd, "the goroutines are those of the CPU; with --device cuda, the GPU computes", "threads")
	}
	return usagef("", "--device: the devices are cpu and cuda, not %q", f.name)
}

// choice is what the flags say.
func (f *deviceFlag) choice() open.Device { return open.Device{CUDA: f.name == cuda, Dense: f.dense} }

// deviceHint is what to do about an error of a GPU, empty for other errors.
func deviceHint(err error) string {
	switch {
	case errors.Is(err, gpu.ErrNoDriver):
		return "the library is part of NVIDIA's driver; --device cpu needs neither"
	case errors.Is(err, gpu.ErrNoDevice):
		return "nvidia-smi lists the devices, CUDA_VISIBLE_DEVICES and containers hide them; --device cpu needs none"
	case errors.Is(err, gpu.ErrNotBuilt):
		return "go build includes CUDA where it finds gcc, on Linux; --device cpu is always there"
	case errors.Is(err, gpu.ErrOldDriver), errors.Is(err, gpu.ErrRefused):
		return "the kernels are PTX 7.0: NVIDIA's driver 450 or later, a GPU of compute capability 7.5 or higher"
	case errors.Is(err, gpu.ErrMemory):
		return "other programs may hold memory of the device (nvidia-smi); --device cpu runs the model in the computer's"
	}
	return ""
}
