package prove_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rasp/compiler/prove"
	"rasp/runtime/model"
)

// TestFiles proves the model files of a folder given by MODELS.
func TestFiles(t *testing.T) {
	files, _ := filepath.Glob(os.Getenv("MODELS"))
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".model"), func(t *testing.T) {
			m, err := model.Load(f)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			r, err := prove.Prove(m, prove.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if testing.Verbose() {
				r.Write(os.Stdout)
			}
			fmt.Printf("%.2f s %s\n", time.Since(start).Seconds(), r.Claim())
			if r.Verdict != prove.Proved {
				t.Fail()
			}
		})
	}
}
