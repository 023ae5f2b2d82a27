package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// source is a repository at a commit.
type source struct {
	root    string
	version string // of cmd/rasp/version.txt
	commit  string
}

// openSource finds the repository around the current folder. Changes that are not
// committed are an error, unless dirty allows them.
func openSource(dirty bool) (*source, error) {
	root, err := output("", nil, "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, fmt.Errorf("releases are made in a clone of the repository: %w", err)
	}
	s := &source{root: strings.TrimSpace(root)}
	version, err := os.ReadFile(filepath.Join(s.root, "cmd/rasp/version.txt"))
	if err != nil {
		return nil, err
	}
	s.version = strings.TrimSpace(string(version))
	commit, err := output(s.root, nil, "git", "rev-parse", "--short=12", "HEAD")
	if err != nil {
		return nil, err
	}
	s.commit = strings.TrimSpace(commit)
	changes, err := output(s.root, nil, "git", "status", "--porcelain")
	switch {
	case err != nil:
		return nil, err
	case changes == "":
	case dirty:
		s.commit += ", changed since"
	default:
		return nil, fmt.Errorf("a release is a commit, and these files are not committed:\n%s", changes)
	}
	return s, nil
}

// build makes the program for a platform, static and stripped.
func (s *source) build(platform string) ([]byte, error) {
	folder, err := os.MkdirTemp("", "rasp-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	out := filepath.Join(folder, "rasp")
	if err := s.buildTo(out, platform); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

func (s *source) buildTo(out, platform string) error {
	system, arch, _ := strings.Cut(platform, "/")
	// All that a machine could set otherwise, see go help environment. The version of git
	// tags is left out: clones have different ones.
	env := []string{
		"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=-mod=readonly", "GOEXPERIMENT=", "GOFIPS140=off", "GOWORK=off", "GOTOOLCHAIN=local",
	}
	_, err := output(s.root, env, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -buildid= -X 'main.commit="+s.commit+"'", "-o", out, "./cmd/rasp")
	return err
}

// host is the platform that this program runs on.
func host() string { return runtime.GOOS + "/" + runtime.GOARCH }

// output runs a command in a folder and returns what it prints to stdout; its stderr is in
// the error.
func output(folder string, env []string, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), env...)
	out, err := command.Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return "", fmt.Errorf("%s %s: %w\n%s", name, args[0], err, failed.Stderr)
	}
	return string(out), err
}
