package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"rasp/runtime/atomicfile"
)

// Export writes a static site to a folder: the pages with the engine inside of them. All
// addresses are relative, so it may lie anywhere.
func Export(folder string, e Engine) error {
	site, err := siteOf(e)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(site)) {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		err := atomicfile.Write(file, func(w io.Writer) error {
			_, err := w.Write(site[name])
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// siteOf are the files of a static site, by name.
func siteOf(e Engine) (map[string][]byte, error) {
	site := map[string][]byte{wasmName: e.WASM, execName: e.Exec}
	dist := files()
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		site[name] = bytes.Replace(content, []byte(`data-engine="server"`), []byte(`data-engine="worker"`), 1)
		return err
	})
	if err != nil {
		return nil, err
	}
	site["files.json"], err = listed(site)
	return site, err
}

// listed is what the service worker keeps (src/lib/offline.ts): all files but itself, and a
// version that is another one whenever one of them is.
func listed(site map[string][]byte) ([]byte, error) {
	names := slices.Sorted(maps.Keys(site))
	hash := sha256.New()
	for _, name := range names {
		sum := sha256.Sum256(site[name])
		hash.Write([]byte(name))
		hash.Write(sum[:])
	}
	kept := slices.DeleteFunc(names, func(name string) bool { return name == "offline.js" })
	return json.Marshal(map[string]any{"version": hex.EncodeToString(hash.Sum(nil))[:16], "files": append([]string{"./"}, kept...)})
}
