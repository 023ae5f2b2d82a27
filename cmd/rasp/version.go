package main

import (
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// release is the version of this source, as wheels and editors have it too.
//
//go:embed version.txt
var release string

// commit is given by the linker where cmd/release builds; the go tool records it otherwise.
var commit string

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the Go that rasp was built from",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionLine())
			return err
		},
	}
}

func versionLine() string {
	return fmt.Sprintf("rasp %s (%s) %s %s/%s", version(), source(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func version() string { return strings.TrimSpace(release) }

// source is the commit of the binary, and whether files were changed since.
func source() string {
	if commit != "" {
		return "commit " + commit
	}
	build, _ := debug.ReadBuildInfo()
	return recorded(build)
}

// recorded is the commit that the go tool found where it built; nil is no build of it.
func recorded(build *debug.BuildInfo) string {
	if build == nil {
		return "commit unknown"
	}
	said := map[string]string{}
	for _, setting := range build.Settings {
		said[setting.Key] = setting.Value
	}
	const digits = 12 // of a hash: as in versions of Go modules
	hash := said["vcs.revision"]
	switch {
	case hash == "":
		return "commit unknown"
	case said["vcs.modified"] == "true":
		return "commit " + hash[:min(digits, len(hash))] + ", changed since"
	}
	return "commit " + hash[:min(digits, len(hash))]
}
