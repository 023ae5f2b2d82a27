package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// aLicence finds the files of a module that say under which terms it may be used.
var aLicence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|authors)([-._].*)?$`)

// TestNotices: docs/notices.txt has the terms of all modules that are in the program, on any
// of the systems for which it is released.
func TestNotices(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the file is made on one system")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	folders := map[string]string{"Go, its runtime and standard library": strings.TrimSpace(string(root))}
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			maps.Copy(folders, modules(t, system, arch))
		}
	}
	var b strings.Builder
	b.WriteString("The program contains parts of these modules, under these terms.\n")
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		folder := folders[name]
		fmt.Fprintf(&b, "\n%s\n%s\n", strings.Repeat("=", 80), name)
		require.NotEmpty(t, licences(t, folder), name)
		for _, file := range licences(t, folder) {
			fmt.Fprintf(&b, "\n--- %s\n\n%s\n", file, strings.TrimSpace(read(t, filepath.Join(folder, file))))
		}
	}
	path := filepath.Join(repository(t), "docs", "notices.txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	require.Equal(t, read(t, path), b.String(), "go test ./cmd/rasp -run Notices -update rewrites it")
}

// modules are those in the program for a system, by name and version, with their folders.
func modules(t *testing.T, system, arch string) map[string]string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
	list.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+arch)
	out, err := list.Output()
	require.NoError(t, err)
	folders := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if name, folder, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			folders[name] = folder
		}
	}
	return folders
}

func licences(t *testing.T, folder string) (files []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		if !e.IsDir() && aLicence.MatchString(e.Name()) {
			files = append(files, e.Name())
		}
	}
	return files
}
