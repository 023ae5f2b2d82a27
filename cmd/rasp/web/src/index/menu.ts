// The menu of programs: those that are ready-made, and the puzzles by what they teach.

import { fill, h } from "../lib/dom";
import { call } from "../lib/engine";
import type { Example, Puzzle, PuzzleEntry, Ran } from "./answers";
import type { State, Store } from "./store";

export const first = "sort"; // what a page without a link opens

export class Menu {
  private examples: Example[] = [];
  private opening = 0; // how many have been

  constructor(private readonly select: HTMLSelectElement, private readonly store: Store, failed: (error: unknown) => void) {
    select.addEventListener("change", () => void this.open(select.value).catch(failed));
    store.on((state, changed) => { if (changed.has("text")) this.mark(state); });
  }

  // load asks for the programs.
  async load() {
    const [examples, puzzles] = await Promise.all([call<Example[]>("examples"), call<PuzzleEntry[]>("puzzles")]);
    this.examples = examples;
    const group = (label: string, options: HTMLOptionElement[]) => { const g = h("optgroup", { label }); g.append(...options); return g; };
    const concepts = [...new Set(puzzles.map(p => p.concept))];
    fill(this.select, h("option", { value: "" }, "Your program"),
      group("Ready-made programs", examples.map(e => h("option", { value: e.name }, `${e.name}: ${e.title}`))),
      ...concepts.map(c => group(`Puzzles: ${c}`, puzzles.filter(p => p.concept === c).map(p => h("option", { value: `puzzle:${p.name}` }, `${p.number}. ${p.name}: ${p.title}`)))));
    this.mark(this.store.state);
  }

  // open a program, or begin a puzzle. What somebody opens or writes while the engine is asked
  // stays, and so does an input that is entered meanwhile.
  async open(value: string) {
    const mine = ++this.opening, { text, input } = this.store.state;
    const opened = await this.stateOf(value);
    if (mine !== this.opening) return;
    if (!opened || this.store.state.text !== text) return this.mark(this.store.state);
    this.store.set(this.store.state.input === input ? opened : { ...opened, input: this.store.state.input });
  }

  private async stateOf(value: string): Promise<Partial<State> | null> {
    if (value.startsWith("puzzle:")) {
      const puzzle = value.slice(7), p = await call<Puzzle>("puzzle", { name: puzzle });
      return { text: p.start, input: p.examples[0]?.input ?? "", puzzle, view: "puzzle", changes: [] };
    }
    const e = this.examples.find(x => x.name === value);
    if (!e) return null;
    const ran = await call<Ran>("run", { text: e.text, input: "" }).catch(() => null); // it says which inputs it has
    return { text: e.text, input: ran?.examples[0] ?? "", puzzle: "", changes: [], ...(this.store.state.view === "puzzle" ? { view: "values" } : {}) };
  }

  // mark what is open.
  private mark(state: State) {
    const e = this.examples.find(x => x.text === state.text);
    this.select.value = e?.name ?? (state.puzzle && `puzzle:${state.puzzle}`);
  }
}
