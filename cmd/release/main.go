// Command release makes what users without Go install: for each platform an archive with
// the program, completions for shells, man pages and licences, and the checksums of all.
//
//	go run ./cmd/release -o dist                          all platforms
//	go run ./cmd/release -o dist linux/arm64 windows/amd64
//
// What goes in is a commit without changes; what comes out is the same bytes on every
// machine and at every time: nothing of the machine is recorded, files have one date, and
// Go is of one version. It knows nothing of what rasp does: its pages and completions come
// from the program itself.
//
// In running order: main.go is the command line, build.go builds programs, content.go says
// what an archive holds, archive.go writes it.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"rasp/runtime/atomicfile"
)

// platforms are those of the wheels, cmd/python/backend.
var platforms = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

// goVersion compiles and compresses: another Go gives other bytes.
const goVersion = "go1.26.8"

func main() {
	out := flag.String("o", "dist", "the folder for the archives")
	dirty := flag.Bool("dirty", false, "build with changes that are not committed, and by any Go: to try it, never to publish")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: release [-o FOLDER] [-dirty] [SYSTEM/ARCH ...]\n\nSYSTEM/ARCH are of %s; none: all\n\n", strings.Join(platforms, ", "))
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*out, *dirty, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// run makes the archives of some platforms, of all if none is named.
func run(out string, dirty bool, wanted []string, say io.Writer) error {
	for _, platform := range wanted {
		if !slices.Contains(platforms, platform) {
			return fmt.Errorf("no archives are made for %s, but for %s", platform, strings.Join(platforms, ", "))
		}
	}
	if len(wanted) == 0 {
		wanted = platforms
	}
	if !dirty && runtime.Version() != goVersion {
		return fmt.Errorf("releases are made by %s, this is %s: GOTOOLCHAIN=%s go run ./cmd/release", goVersion, runtime.Version(), goVersion)
	}
	src, err := openSource(dirty)
	if err != nil {
		return err
	}
	return src.release(out, wanted, say)
}

// release writes the archives and, last, their checksums.
func (s *source) release(out string, wanted []string, say io.Writer) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("the folder for archives: %w", err)
	}
	common, err := s.common()
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, platform := range slices.Sorted(slices.Values(wanted)) {
		name, data, err := s.archive(platform, common)
		if err != nil {
			return err
		}
		if err := save(filepath.Join(out, name), data); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Fprintf(say, "%10d  %s\n", len(data), name)
	}
	return save(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()))
}

func save(path string, data []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
