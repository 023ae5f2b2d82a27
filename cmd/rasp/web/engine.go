package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Engine is what a page needs that has no server: the program as WebAssembly, and what Go
// starts it with, of the same release of Go.
type Engine struct{ WASM, Exec []byte }

// The names of its files, in a folder and in a site.
const (
	wasmName = "rasp.wasm"
	execName = "wasm_exec.js"
)

// ErrNoEngine says that there is neither an engine nor what makes one.
var ErrNoEngine = errors.New("there is no engine for pages: no folder web with rasp.wasm beside this program, and no sources of rasp with Go to build it")

// FindEngine reads the engine from the folder web beside the program, where releases have
// it, or builds it of the sources around the working folder, or of those that the program
// was built from.
func FindEngine(ctx context.Context, version string) (Engine, error) {
	if program, err := os.Executable(); err == nil {
		e, err := ReadEngine(filepath.Join(filepath.Dir(program), "web"))
		if !errors.Is(err, fs.ErrNotExist) {
			return e, err
		}
	}
	root := sources()
	if _, err := exec.LookPath("go"); err != nil || root == "" {
		return Engine{}, ErrNoEngine
	}
	folder, err := os.MkdirTemp("", "rasp-web-")
	if err != nil {
		return Engine{}, err
	}
	defer os.RemoveAll(folder)
	if err := BuildEngine(ctx, root, folder, version); err != nil {
		return Engine{}, err
	}
	return ReadEngine(folder)
}

// ReadEngine reads the two files of an engine.
func ReadEngine(folder string) (e Engine, err error) {
	if e.WASM, err = os.ReadFile(filepath.Join(folder, wasmName)); err != nil {
		return Engine{}, err
	}
	if e.Exec, err = os.ReadFile(filepath.Join(folder, execName)); err != nil {
		return Engine{}, err
	}
	return e, nil
}

// BuildEngine makes the two files of an engine in a folder, of the sources at root. The same
// Go makes the same bytes of the same sources.
func BuildEngine(ctx context.Context, root, folder, version string) error {
	// The toolchain that root asks for, as a build there takes it.
	goroot, err := run(ctx, root, nil, "env", "GOROOT")
	if err != nil {
		return err
	}
	env := []string{"CGO_ENABLED=0", "GOOS=js", "GOARCH=wasm", "GOWASM=", "GOFLAGS=-mod=readonly", "GOWORK=off"}
	_, err = run(ctx, root, env, "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= -X main.version="+version,
		"-o", filepath.Join(folder, wasmName), "./cmd/rasp/web/wasm")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(goroot), "lib", "wasm", execName))
	if err != nil {
		return fmt.Errorf("what starts WebAssembly: %w", err)
	}
	return os.WriteFile(filepath.Join(folder, execName), text, 0o644)
}

func run(ctx context.Context, folder string, env []string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir, command.Env = folder, append(os.Environ(), env...)
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) && ctx.Err() == nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, failed.Stderr)
	}
	return string(out), errors.Join(err, ctx.Err())
}

// sources is a folder with the sources of rasp: one around the working folder, or the one
// that the program was built in; "" if there is none.
func sources() string {
	working, err := os.Getwd()
	for err == nil {
		if isSource(working) {
			return working
		}
		up := filepath.Dir(working)
		if up == working {
			break
		}
		working = up
	}
	_, file, _, _ := runtime.Caller(0) // an absolute path, unless it was built with -trimpath
	if root := filepath.Join(filepath.Dir(file), "..", "..", ".."); filepath.IsAbs(file) && isSource(root) {
		return root
	}
	return ""
}

func isSource(folder string) bool {
	text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil || !strings.HasPrefix(string(text), "module rasp\n") {
		return false
	}
	_, err = os.Stat(filepath.Join(folder, "cmd", "rasp", "web", "wasm"))
	return err == nil
}
