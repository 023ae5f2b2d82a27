// Zipf's law on a text that somebody pastes.

import { call, latest } from "../lib/engine";
import { fill, h, number } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import type { Page } from "./page";

interface Words { tokens: number; types: number; once: number; top: { word: string; count: number }[]; ranks: [number, number][]; exponent: number | null; first: number | null; line: [number, number][] | null; bits: number; half: number }

export function wording(page: Page, where: HTMLElement) {
  const out = h("div", { id: "counted" });
  const area = h("textarea", { rows: 5, id: "words-text", "aria-label": "A text whose words are counted", placeholder: "Paste a text: a speech, a novel, your thesis. It stays on this machine. Until then the text of section 3 is counted.", oninput: () => load() });
  fill(where, area, out);
  const load = latest(async signal => {
    const text = area.value.trim() ? area.value : page.text();
    if (!text.trim()) return;
    const w = await call<Words>("perplexity.words", { text }, { signal });
    drawn(out, () => draw(out, w));
  }, error => showFault(out, error));
  page.on(["text", "own"], load);
  load();
}

function draw(out: HTMLElement, w: Words) {
  const series: Series[] = [{ name: "words", points: w.ranks, colour: "var(--accent)", dots: true }];
  if (w.line) series.push({ name: `line of slope −${number(w.exponent!, 3)}`, points: w.line, colour: "var(--warm)" });
  fill(out,
    h("div", { class: "numbers" },
      h("div", {}, h("b", { id: "word-tokens" }, number(w.tokens)), `words, ${number(w.types)} of them different`),
      h("div", {}, h("b", { id: "word-half" }, number(w.half)), "words make half of the text"),
      h("div", {}, h("b", {}, `${number(100 * w.once / w.types, 3)}%`), "of the different ones occur once"),
      h("div", {}, h("b", { id: "exponent" }, w.exponent === null ? "–" : number(w.exponent, 4)), "exponent s"),
      h("div", {}, h("b", { id: "word-bits" }, number(w.bits, 4)), "bits a word, guessed by frequency alone")),
    legend(series),
    h("figure", {}, lines(series, { label: "rank r", log: true }, { label: "count n(r)", log: true }, sized(out, 600, 300))),
    h("p", { class: "quiet" }, "The most frequent: " + w.top.map(t => `${t.word} ${t.count}`).join(", ") + "."));
}
