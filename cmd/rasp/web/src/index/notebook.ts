// A notebook that goes on with the program, in Python.

import type { State } from "./store";

export function notebook(state: State, example: string): string {
  const input = state.input || example;
  const python = input.startsWith("[") ? `json.loads(${JSON.stringify(input)})` : JSON.stringify(input);
  const options = (state.level === 1 ? "" : `, level=${state.level}`) + (state.robust ? ", robust=True" : "");
  const cells = [
    text("# A RASP program\n\n`rasp.compile` makes a transformer of it, whose outputs are the program's on every input of its domain. The package is `cmd/python` of the project."),
    code((input.startsWith("[") ? "import json\n\n" : "") + `import rasp\n\nprogram = ${block(state.text)}\nexample = ${python}`),
    text("What the program computes, by the interpreter:"),
    code("rasp.interpret(program, example)"),
    text("The same, by a transformer:"),
    code(`model = rasp.compile(program${options})\nmodel`),
    code("model(example)"),
    text("How it does it:"),
    code("model.draw(example)"),
    code("model.trace(example)"),
  ];
  return JSON.stringify({ cells: cells.map((c, i) => ({ id: `c${i}`, ...c })), metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } }, nbformat: 4, nbformat_minor: 5 }, null, 1) + "\n";
}

const source = (content: string) => content.split(/(?<=\n)/);
const text = (content: string) => ({ cell_type: "markdown", metadata: {}, source: source(content) });
const code = (content: string) => ({ cell_type: "code", metadata: {}, execution_count: null, outputs: [], source: source(content) });

// block is a string of Python of several lines.
const block = (content: string) => `"""\n${content.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"').trimEnd()}\n"""`;
