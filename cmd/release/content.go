package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"

	"rasp/cmd/rasp/web"
)

// completions are the files of shells, by what the program calls the shell.
var completions = map[string]string{"bash": "rasp.bash", "zsh": "_rasp", "fish": "rasp.fish", "powershell": "rasp.ps1"}

// common is what archives of all platforms hold. The program itself says it, built for
// this machine.
func (s *source) common() (map[string]file, error) {
	folder, err := os.MkdirTemp("", "rasp-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "rasp.exe") // of any system: the ending does no harm
	if err := s.buildTo(program, host()); err != nil {
		return nil, err
	}
	files := map[string]file{}
	for shell, name := range completions {
		text, err := output(folder, nil, program, "completion", shell)
		if err != nil {
			return nil, err
		}
		files["completions/"+name] = file{[]byte(text), 0o644}
	}
	if err := addPages(files, program, filepath.Join(folder, "man1")); err != nil {
		return nil, err
	}
	for name, from := range map[string]string{"LICENSE": "LICENSE", "notices.txt": "docs/notices.txt"} {
		data, err := os.ReadFile(filepath.Join(s.root, from))
		if err != nil {
			return nil, err
		}
		files[name] = file{data, 0o644}
	}
	return files, s.addEngine(files, filepath.Join(folder, "web"))
}

// addEngine adds what rasp serve --export puts into static sites: the program as
// WebAssembly.
func (s *source) addEngine(files map[string]file, folder string) error {
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	if err := web.BuildEngine(context.Background(), s.root, folder, s.version); err != nil {
		return err
	}
	e, err := web.ReadEngine(folder)
	files["web/rasp.wasm"], files["web/wasm_exec.js"] = file{e.WASM, 0o644}, file{e.Exec, 0o644}
	return err
}

// addPages adds the man pages, which the program writes into a folder.
func addPages(files map[string]file, program, folder string) error {
	if _, err := output(filepath.Dir(folder), nil, program, "man", folder); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join(folder, "*.1"))
	if err == nil && len(pages) == 0 {
		err = fmt.Errorf("%s man wrote no pages", program)
	}
	if err != nil {
		return err
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		files["man/man1/"+filepath.Base(page)] = file{data, 0o644}
	}
	return nil
}

// archive makes that of a platform: all its files are in one folder of its name.
func (s *source) archive(platform string, common map[string]file) (name string, data []byte, err error) {
	program, err := s.build(platform)
	if err != nil {
		return "", nil, err
	}
	base := "rasp-" + s.version + "-" + strings.ReplaceAll(platform, "/", "-")
	windows := strings.HasPrefix(platform, "windows/")
	files := maps.Clone(common)
	if windows {
		files["rasp.exe"] = file{program, 0o755}
	} else {
		files["rasp"] = file{program, 0o755}
	}
	placed := map[string]file{}
	for inside, f := range files {
		placed[path.Join(base, inside)] = f
	}
	if windows {
		data, err = zipped(placed)
		return base + ".zip", data, err
	}
	data, err = tarball(placed)
	return base + ".tar.gz", data, err
}
