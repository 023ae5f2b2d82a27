package long_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rasp/compiler"
	"rasp/compiler/compilertest"
	"rasp/lang/interp"
	"rasp/lang/value"
	"rasp/runtime"
	"rasp/stdlib"
)

// machine is a ready-made program that is a computer, at a length; ids are the places of its
// tokens in the vocabulary.
type machine struct {
	text   string
	length int
	ids    map[string]int
}

// machineOf changes the text of a ready-made program.
func machineOf(t testing.TB, name string, length int, changes ...string) *machine {
	t.Helper()
	text, err := stdlib.FS.ReadFile(name + ".rasp")
	require.NoError(t, err)
	m := &machine{text: strings.NewReplacer(changes...).Replace(string(text)), length: length, ids: map[string]int{}}
	m.text = regexp.MustCompile(`(?m)^#rasp:length .*`).ReplaceAllString(m.text, fmt.Sprintf("#rasp:length %d", length))
	_, d := compilertest.Parse(t, name, m.text)
	for id, v := range d.Vocab {
		m.ids[plain(v.JSON())] = id
	}
	return m
}

// plain is a token without quotes.
func plain(json string) string { return strings.Trim(json, `"`) }

// runs compares texts, as a simulator writes them from their prompts on, with what the
// interpreter says comes next, in the first 4,096 tokens, and with what the model writes.
func (m *machine) runs(t *testing.T, texts [][]string, prompts []int) {
	t.Helper()
	outputs, d := compilertest.Parse(t, "machine.rasp", m.text)
	compiled, report, err := compiler.Compile(outputs, d, compilertest.At(1))
	require.NoError(t, err)
	require.Empty(t, report.Warnings)
	classes := compiled.Outputs[0].Classes
	e, session := interp.New(true, outputs[0].Node), runtime.NewSession(compiled)
	for i, text := range texts {
		input, ids := make([]value.Value, len(text)), make([]int, len(text))
		for p, token := range text {
			ids[p] = m.ids[token]
			input[p] = d.Vocab[ids[p]]
		}
		const longest = 4096 // the interpreter takes time with the square
		require.NoError(t, e.Run(input[:min(len(input), longest)]))
		next := e.Sequence(outputs[0].Node)
		session.Reset()
		logits, err := session.Prefill(ids[:prompts[i]])
		require.NoError(t, err)
		for p := prompts[i]; p < len(text); p++ {
			if p <= len(next) {
				require.Equal(t, text[p], plain(next[p-1].JSON()), "the interpreter at %d of %v", p, text[:p])
			}
			if got := plain(string(classes[slices.Index(logits, slices.Max(logits))])); got != text[p] {
				require.Equal(t, text[p], got, "the model at %d of %v", p, text[:p])
			}
			if p+1 < len(text) {
				logits, err = session.Step(ids[p])
				require.NoError(t, err)
			}
		}
	}
}

// subleq is a machine of n cells, which writes its steps.
func subleq(n int, memory []int, place, length int) (text []string, prompt int) {
	say := func(kind, v int) { text = append(text, fmt.Sprint(kind*n+v)) }
	for a, v := range memory {
		say(0, a)
		say(1, v)
	}
	say(2, place)
	prompt, memory = len(text), slices.Clone(memory)
	for len(text)+3 <= length {
		a, b := memory[place], memory[(place+1)%n]
		d := ((memory[b]-memory[a])%n + n) % n
		memory[b] = d // before the third cell is read: it may be that
		if d == 0 || d >= n/2 {
			place = memory[(place+2)%n]
		} else {
			place = (place + 3) % n
		}
		say(0, b)
		say(1, d)
		say(2, place)
	}
	return text, prompt
}

// TestSubleq: random memories, in which most programs change themselves.
func TestSubleq(t *testing.T) {
	for _, c := range []struct{ cells, length, texts int }{{4, 24, 60}, {8, 64, 40}, {32, 256, 20}, {32, 1024, 4}, {32, 65536, 3}} {
		if testing.Short() && c.length > 64 {
			continue
		}
		r := rand.New(rand.NewPCG(uint64(c.cells), uint64(c.length)))
		m := machineOf(t, "subleq", c.length, "N = 32;", fmt.Sprintf("N = %d;", c.cells), "0..95", fmt.Sprintf("0..%d", 3*c.cells-1))
		var texts [][]string
		var prompts []int
		for range c.texts {
			memory := make([]int, c.cells)
			for i := range memory {
				memory[i] = r.IntN(c.cells)
			}
			text, prompt := subleq(c.cells, memory, r.IntN(c.cells), c.length)
			texts, prompts = append(texts, text), append(prompts, prompt)
		}
		m.runs(t, texts, prompts)
	}
}

// counters is a counter machine, which writes its steps.
func counters(program []string, length int) (text []string, prompt int) {
	text = append(slices.Clone(program), ":")
	prompt = len(text)
	place, count := 0, map[byte]int{}
	for len(text) < length {
		instruction := "halt"
		if place >= 0 && place < len(program) {
			instruction = program[place]
		}
		effect, move := ".", 1
		switch {
		case instruction == "halt":
			effect, move = "halt", 0
		case strings.HasPrefix(instruction, "inc"):
			count[instruction[3]]++
			effect = instruction[3:] + "+"
		case strings.HasPrefix(instruction, "dec"):
			if count[instruction[3]] > 0 {
				count[instruction[3]]--
				effect = instruction[3:] + "-"
			}
		case count[instruction[2]] == 0:
			effect = "go" + instruction[3:]
			fmt.Sscan(instruction[3:], &move)
		}
		place += move
		text = append(text, effect)
	}
	return text, prompt
}

// TestCounterMachine: random programs, of which most go on for ever.
func TestCounterMachine(t *testing.T) {
	for _, c := range []struct{ length, texts int }{{20, 40}, {64, 40}, {256, 20}, {1024, 6}} {
		if testing.Short() && c.length > 64 {
			continue
		}
		r := rand.New(rand.NewPCG(3, uint64(c.length)))
		m := machineOf(t, "counter_machine", c.length)
		var texts [][]string
		var prompts []int
		for range c.texts {
			program := make([]string, 3+r.IntN(min(12, c.length/2)))
			for i := range program {
				name := string("ABC"[r.IntN(3)])
				program[i] = []string{"inc" + name, "inc" + name, "dec" + name, fmt.Sprintf("jz%s%+d", name, 1+r.IntN(6)), fmt.Sprintf("jz%s%+d", name, -1-r.IntN(6))}[r.IntN(5)]
			}
			if r.IntN(4) == 0 {
				program[r.IntN(len(program))] = "halt"
			}
			// the last one leads back
			program[len(program)-1] = fmt.Sprintf("jzC%+d", -1-r.IntN(min(6, len(program)-1)))
			text, prompt := counters(program, c.length)
			texts, prompts = append(texts, text), append(prompts, prompt)
		}
		m.runs(t, texts, prompts)
	}
}
