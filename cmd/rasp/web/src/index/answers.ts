// What the engine answers (cmd/rasp/web/api: editing.go, running.go, rows.go, puzzles.go).

export interface Position { line: number; character: number }
export interface Range { start: Position; end: Position }
export interface Edit { range: Range; newText: string }

export interface Finding { range: Range; severity: 1 | 2 | 3; code: string; message: string; fixes?: { title: string; edits: Edit[] }[] }

export interface Token { shown: string; json: string; plain?: string }
export interface Row {
  name?: string; text?: string; kind: "s-op" | "selector"; type?: string; values?: string[]; selected?: string[];
  range: Range; output?: boolean; head?: boolean; fault?: string;
}
export interface Ran {
  input: string[]; tokens: Token[]; length: number; causal: boolean; examples: string[]; beside?: string;
  rows: Row[]; left?: number; next?: { tokens: string[]; rows: number[][] }; fault?: { text: string; message: string };
}

export interface Example { name: string; title: string; text: string }
export interface PuzzleEntry { number: number; name: string; concept: string; title: string }
export interface Puzzle extends PuzzleEntry {
  statement: string[]; hints: string[]; directives: string[]; examples: { input: string; answer: string[] }[];
  output: string; next?: boolean; best: Sizes; start: string;
}
export interface Sizes { layers: number; heads: number; parameters: number }
// An s-op by position; of a selector the keys that it selects at the position that is wrong.
export interface NamedRow { name: string; values?: string[]; selected?: number[]; selector?: boolean }
export interface Verdict {
  solved: boolean; faults?: { text: string }[]; inputs: number; exhaustive: boolean; allUpTo: number; refused?: { text: string }[]; sizes?: Sizes; smaller?: boolean;
  counterexample?: { input: string; tokens: string[]; position: number; expected: string[]; got?: string[]; fault?: { text: string }; note?: string; names: NamedRow[] };
}
