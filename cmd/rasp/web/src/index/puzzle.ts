// A puzzle: what it asks for, hints one after the other, and a check.

import { fill, h } from "../lib/dom";
import { call } from "../lib/engine";
import { said, showFault } from "../lib/shell";
import type { Puzzle, Verdict } from "./answers";
import type { View } from "./model/view";
import type { Store } from "./store";

export class PuzzleView implements View {
  readonly element = h("div", { class: "puzzle" });
  private shown: string | null = null;

  constructor(private readonly store: Store) {
    store.on((state, changed) => { if (changed.has("puzzle") && state.view === "puzzle") void this.load(); });
  }

  show() { void this.load(); }
  hide() {}

  private async load() {
    const name = this.store.state.puzzle;
    if (name === this.shown) return;
    this.shown = name;
    if (!name) {
      fill(this.element, h("p", {}, "Thirty puzzles, from one line to a whole afternoon: choose one in the menu above the program."));
      return;
    }
    try {
      const p = await call<Puzzle>("puzzle", { name });
      if (this.shown === name) this.draw(p);
    } catch (error) { showFault(this.element, error); }
  }

  private draw(p: Puzzle) {
    const verdict = h("div", { class: "verdict", "aria-live": "polite" });
    const check = h("button", { type: "button", class: "main", id: "check", onclick: () => void this.check(p, check, verdict) }, "Check");
    fill(this.element,
      h("h2", {}, `${p.number}. ${p.title}`),
      h("p", { class: "quiet" }, `Teaches: ${p.concept}. The answer is called `, h("code", {}, p.output), `. Best known: ${sizes(p.best)}.`),
      ...paragraphs(p.statement),
      h("table", { class: "examples" }, h("caption", { class: "unseen" }, "Examples"), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "input"), h("th", { scope: "col" }, p.next ? "what comes next, after each position" : "answer"))),
        h("tbody", {}, ...p.examples.map(x => h("tr", {}, h("td", {}, h("button", { type: "button", class: "example", title: "Use this input", onclick: () => this.store.set({ input: x.input }) }, x.input)), h("td", { class: "mono" }, x.answer.join(p.next ? " | " : " ")))))),
      h("div", { class: "hints" }, ...p.hints.map((hint, i) => h("details", {}, h("summary", {}, `Hint ${i + 1} of ${p.hints.length}`), h("p", {}, hint)))),
      h("p", {}, check), verdict);
  }

  private async check(p: Puzzle, button: HTMLButtonElement, where: HTMLElement) {
    button.disabled = true;
    fill(where, h("p", { class: "quiet" }, "trying inputs…"));
    try {
      const v = await call<Verdict>("puzzle.check", { name: p.name, text: this.store.state.text }, { heavy: true });
      fill(where, ...this.told(p, v));
    } catch (error) { fill(where, h("p", { class: "bad" }, said(error))); }
    button.disabled = false;
  }

  private told(p: Puzzle, v: Verdict): HTMLElement[] {
    if (v.faults?.length) return [h("p", { class: "bad" }, "✗ This cannot be tried yet."), ...v.faults.map(f => h("pre", { class: "fault" }, f.text.trimEnd()))];
    const c = v.counterexample;
    if (c) {
      const row = (name: string, values: string[]) => h("tr", {}, h("th", { scope: "row" }, name), ...values.map((x, i) => h("td", { class: i === c.position ? "differs" : "" }, x)));
      return [h("p", { class: "bad" }, "✗ Not yet. On ", h("code", {}, c.input), ` the answer differs at position ${c.position}.`),
        h("div", { class: "wide" }, h("table", { class: "sops" }, h("tbody", {}, row("tokens", c.tokens), row("expected", c.expected), c.got ? row("yours", c.got) : null))),
        ...(c.fault ? [h("pre", { class: "fault" }, c.fault.text.trimEnd())] : []), ...(c.note ? [h("p", {}, c.note)] : []),
        h("p", {}, h("button", { type: "button", id: "use", onclick: () => this.store.set({ input: c.input, view: "values" }) }, "See its values"))];
    }
    const tried = v.exhaustive ? `right on all ${v.inputs} inputs` : `right on ${v.inputs} inputs, all up to length ${v.allUpTo} and random ones`;
    const good = h("p", { class: "good" }, `✓ Solved: ${tried}.`);
    if (v.refused?.length) return [good, h("p", {}, "The compiler refuses it:"), ...v.refused.map(f => h("pre", { class: "fault" }, f.text.trimEnd()))];
    return [good, h("p", {}, `Your model: ${sizes(v.sizes!)}. Best known: ${sizes(p.best)}.`, v.smaller ? " That is smaller than the best known!" : v.sizes!.layers > p.best.layers ? " It can be done in fewer layers." : "")];
  }
}

const plural = (n: number, noun: string) => `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
const sizes = (s: { layers: number; heads: number; parameters: number }) => `${plural(s.layers, "layer")}, ${plural(s.heads, "head")}, ${plural(s.parameters, "parameter")}`;

function paragraphs(lines: string[]): HTMLElement[] {
  return lines.join("\n").split("\n\n").filter(p => p.trim()).map(p => h("p", { class: "statement" }, p));
}
