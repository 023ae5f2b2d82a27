package atomicfile

import (
	"os"
	"sync"
)

// writing are the temporary files and folders of this process.
var writing = struct {
	sync.Mutex
	names map[string]bool
	begin func() // see BeforeFirst; nil once it was called
}{names: map[string]bool{}}

// BeforeFirst calls a function before the process makes its first temporary file.
func BeforeFirst(do func()) {
	writing.Lock()
	defer writing.Unlock()
	writing.begin = do
}

// Abandon removes the temporary files and folders that are being written, and lets nothing
// be written any more: for a process that is about to end.
func Abandon() {
	writing.Lock() // for ever
	for name := range writing.names {
		os.RemoveAll(name)
	}
}

// made makes a temporary file or folder by create, and notes it.
func made(name string, create func() error) error {
	writing.Lock()
	defer writing.Unlock()
	if do := writing.begin; do != nil {
		writing.begin = nil
		do()
	}
	if err := create(); err != nil {
		return err
	}
	writing.names[name] = true
	return nil
}

// ended removes a temporary file or folder, if it is still there.
func ended(name string) {
	writing.Lock()
	defer writing.Unlock()
	os.RemoveAll(name)
	delete(writing.names, name)
}

// named gives a temporary file or folder its name by do.
func named(do func() error) error {
	writing.Lock()
	defer writing.Unlock()
	return do()
}
