package suite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"

	"rasp/lang/diag"
	"rasp/runtime/atomicfile"
)

// Settings are what all models of a folder have in common.
type Settings struct {
	Seed       uint64  `json:"seed"`
	Optimize   int     `json:"optimize"`        // of the compiler, 0 to 2
	Robust     bool    `json:"robust"`          // models that stand noise
	Sigma      float64 `json:"sigma,omitempty"` // so much of it; 0: any
	Inputs     int     `json:"inputs"`          // of each model, or all that there are
	Pairs      int     `json:"pairs"`           // of each kind
	Parameters int     `json:"most_parameters"` // of a model; larger ones are left out
}

// Conflict is the error for a folder that has something else than what is asked for.
type Conflict struct{ What, Hint string }

func (c *Conflict) Error() string { return c.What }

const anotherFolder = "give another folder with -o, or the same settings"

const settingsFile = "settings.json"

// settle writes the settings of a new folder, and refuses a folder with others.
func (s Settings) settle(folder string) error {
	want, err := json.Marshal(s)
	if err != nil {
		return err
	}
	want = append(want, '\n')
	have, err := atomicfile.Once(filepath.Join(folder, settingsFile), want)
	if err == nil && !bytes.Equal(have, want) {
		err = &Conflict{fmt.Sprintf("%s: the folder was made with other settings: %s and not %s", diag.Visible(folder), diag.Visible(string(bytes.TrimSpace(have))), bytes.TrimSpace(want)), anotherFolder}
	}
	return err
}
