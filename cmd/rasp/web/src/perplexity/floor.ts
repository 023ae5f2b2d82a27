// A source whose entropy is known, and what predicts its text.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { chosen, folded, named, saved } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { smoothings, Told, type GramModel, type Measured } from "./learn";
import type { Page, State } from "./page";

export interface Floor { program: string; entropy: number; train: string; test: string; compiled: Measured; layers: number; heads: number; weights: number; models: GramModel[] }

export function floor(page: Page, where: HTMLElement): Told<Floor> {
  const told = new Told<Floor>(), out = h("div", { id: "source" });
  const s = page.state;
  const moved = (field: keyof State, label: string, min: number, max: number, step: number, show?: (x: number) => string) =>
    named(field, slider({ label, min, max, step, value: s[field] as number, show, change: x => page.set({ [field]: x }) }));
  fill(where,
    h("div", { class: "controls" },
      moved("back", "d, letters back", 1, 6, 1), moved("keep", "q, kept", 0.5, 1, 0.01, x => x.toFixed(2)), moved("letters", "m, letters", 2, 4, 1),
      moved("tokens", "letters to learn from", 200, 10000, 200),
      chosen("floor-smoothing", "smoothing", smoothings, s.floorSmoothing, floorSmoothing => page.set({ floorSmoothing })),
      h("button", { type: "button", id: "again", onclick: () => page.set({ seed: s.seed + 1 }) }, "Draw another text")),
    out);
  const load = latest(async signal => {
    out.classList.add("busy");
    try {
      const f = await call<Floor>("perplexity.source", { letters: s.letters, back: s.back, keep: s.keep, tokens: s.tokens, seed: s.seed, smoothing: s.floorSmoothing }, { signal, heavy: true });
      drawn(out, () => draw(page, out, f));
      told.tell(f);
    } finally { out.classList.remove("busy"); }
  }, error => showFault(out, error));
  page.on(["letters", "back", "keep", "tokens", "seed", "floorSmoothing"], load);
  load();
  return told;
}

function draw(page: Page, out: HTMLElement, f: Floor) {
  const series: Series[] = [
    { name: "n-gram, new text", points: f.models.map(m => [m.order, m.test.bits ?? NaN]), colour: "var(--accent)" },
    { name: "n-gram, text it learnt", points: f.models.map(m => [m.order, m.train.bits ?? NaN]), colour: "var(--warm)", dashed: true },
    { name: "floor H", points: [[1, f.entropy], [5, f.entropy]], colour: "var(--good)" }];
  const best = f.models.reduce((a, b) => (b.test.bits ?? Infinity) < (a.test.bits ?? Infinity) ? b : a);
  const needed = page.state.back + 1;
  fill(out,
    h("p", { class: "mono quiet" }, f.test.slice(0, 60) + "…"),
    legend(series),
    h("figure", {}, lines(series, { label: "order n", min: 1, max: 5 }, { label: "bits a letter", min: 0 }, sized(out, 600, 280)),
      h("figcaption", {}, needed <= 5 ? `To see ${page.state.back === 1 ? "1 letter" : `${page.state.back} letters`} back takes a ${needed}-gram: shorter ones see nothing but chance.` : `To see ${page.state.back} letters back would take a ${needed}-gram, and its table has ${page.state.letters} to the ${page.state.back} rows. One attention head looks there at once.`)),
    h("div", { class: "numbers" },
      h("div", {}, h("b", { id: "entropy" }, number(f.entropy, 6)), "bits a letter: the floor, exact"),
      h("div", {}, h("b", { id: "compiled-bits" }, number(f.compiled.bits ?? Infinity, 6)), `the compiled transformer on this text, ± ${number(f.compiled.error ?? NaN, 2)}`),
      h("div", {}, h("b", {}, number(f.weights)), `weights of it: ${f.layers} layer${f.layers === 1 ? "" : "s"}, ${f.heads} head${f.heads === 1 ? "" : "s"}`),
      h("div", {}, h("b", { id: "best-gram" }, number(best.test.bits ?? Infinity, 6)), "the best n-gram on it, the ", h("span", { id: "best-order" }, `${best.order}-gram`))),
    h("p", { class: "quiet" }, "One text may be luckier than its source, by a standard error or two; that is why a number can lie a little below the floor. A curve of the text that was learnt lies below it for another reason: it has seen the answers."),
    folded("program", "The program that was compiled, and the text",
      h("pre", { class: "program" }, f.program),
      h("pre", { class: "command" }, "rasp perplexity source.rasp text.txt\nrasp ngram learnt.txt -o grams.arpa --order " + best.order + " --smoothing " + page.state.floorSmoothing + "\nrasp perplexity grams.arpa text.txt --split chars"),
      h("p", { class: "row" }, saved("source.rasp", f.program), saved("learnt.txt", f.train), saved("text.txt", f.test))));
}
