package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentsOfCommands compares docs/commands with what the commands say of
// themselves.
func TestDocumentsOfCommands(t *testing.T) {
	dir := filepath.Join(repository(t), "docs", "commands")
	made := t.TempDir()
	if *update {
		made = dir
		require.NoError(t, os.RemoveAll(dir))
		require.NoError(t, os.Mkdir(dir, 0o755))
	}
	root := documented()
	asMarkdown(root)
	require.NoError(t, doc.GenMarkdownTree(root, made))
	want, err := os.ReadDir(dir)
	require.NoError(t, err)
	got, err := os.ReadDir(made)
	require.NoError(t, err)
	require.Len(t, got, len(want), again)
	for _, page := range got {
		compareLines(t, read(t, filepath.Join(dir, page.Name())), read(t, filepath.Join(made, page.Name())))
	}
}

// asMarkdown makes what commands say of themselves Markdown: lists that are set in by two
// blanks stay as they stand.
func asMarkdown(cmd *cobra.Command) {
	lines := strings.Split(cmd.Long, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			lines[i] = "  " + line
		}
	}
	cmd.Long = strings.Join(lines, "\n")
	for _, c := range cmd.Commands() {
		asMarkdown(c)
	}
}

// TestDocumentsContents compares the contents of the rationale with its headings.
func TestDocumentsContents(t *testing.T) {
	dir := filepath.Join(repository(t), "docs", "rationale")
	page := filepath.Join(dir, "README.md")
	areas := []string{
		"language", "checker", "console", "service", "structure", "analysis", "constructions", "certificate", "prover", "engine", "language-models", "gpu", "pages", "project",
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	require.NoError(t, err)
	require.Len(t, files, len(areas)+1, "a page of the rationale is not in its contents")
	intro, _, _ := strings.Cut(read(t, page), "\n## ")
	contents := []string{strings.TrimRight(intro, "\n")}
	for _, area := range areas {
		headings := headings(read(t, filepath.Join(dir, area+".md")))
		lines := []string{fmt.Sprintf("## [%s](%s.md)\n", headings[0], area)}
		for _, question := range headings[1:] {
			lines = append(lines, fmt.Sprintf("- [%s](%s.md#%s)", question, area, anchor(question)))
		}
		contents = append(contents, strings.Join(lines, "\n"))
	}
	got := strings.Join(contents, "\n\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
		return
	}
	compareLines(t, read(t, page), got)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
)

// TestDocumentsLinks looks for the file, and the heading, that each link between
// documents names.
func TestDocumentsLinks(t *testing.T) {
	root := repository(t)
	for _, name := range documents(t, root) {
		text := fenced.ReplaceAllString(read(t, filepath.Join(root, name)), "")
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			path, section, _ := strings.Cut(match[1], "#")
			target := filepath.Join(root, name)
			if path != "" {
				target = filepath.Join(root, filepath.Dir(name), path)
			}
			if !assert.FileExists(t, target, "%s links to %s", name, match[1]) || section == "" {
				continue
			}
			assert.Contains(t, anchors(read(t, target)), section, "%s links to %s", name, match[1])
		}
	}
}

// headings are those of a document, without code.
func headings(text string) []string {
	var headings []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		headings = append(headings, match[1])
	}
	return headings
}

var unlinked = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// anchor is the name under which a page shows a heading.
func anchor(heading string) string {
	return strings.ReplaceAll(unlinked.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// anchors are those of all headings of a document.
func anchors(text string) []string {
	var anchors []string
	for _, h := range headings(text) {
		anchors = append(anchors, anchor(h))
	}
	return anchors
}

// repository is the folder of the whole repository.
func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	return root
}

// documents are the names of all documents, from the root of the repository.
func documents(t *testing.T, root string) []string {
	t.Helper()
	names := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	err := fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			names = append(names, path)
		}
		return err
	})
	require.NoError(t, err)
	return names
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
