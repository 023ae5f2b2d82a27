// N-grams of a text: what they make of the lines that they learnt from, and of the others.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { chosen, folded, named, saved } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { longestInLink, ofText, type Page } from "./page";

export interface Measured { tokens: number; bits: number | null; perplexity: number | null; error: number | null; zeros?: number; right: number; fault?: string }
export interface GramModel { order: number; grams: number; train: Measured; test: Measured }
export interface Learned { train: string; test: string; models: GramModel[]; sharp: { temperature: number; bits: number | null; right: number }[] | null }

// Told is a result that others look at, and hear of.
export class Told<T> {
  value: T | null = null;
  private listeners: ((value: T) => void)[] = [];
  on(listener: (value: T) => void) { this.listeners.push(listener); if (this.value) listener(this.value); }
  tell(value: T) { this.value = value; for (const l of this.listeners) l(value); }
}

export const smoothings: [string, string][] = [["kneser-ney", "Kneser-Ney"], ["witten-bell", "Witten-Bell"], ["add-k", "add k"], ["mle", "none"]];

export function learning(page: Page, where: HTMLElement): Told<Learned> {
  const told = new Told<Learned>(), out = h("div", { id: "learnt" });
  const k = named("k", slider({ label: "k", min: 0.01, max: 2, step: 0.01, value: page.state.k, change: k => page.set({ k }) }));
  const order = named("order", slider({ label: "order n", min: 1, max: 5, step: 1, value: page.state.order, change: order => page.set({ order }) }));
  const own = ownText(page);
  const shown = () => { k.hidden = page.state.smoothing !== "add-k"; own.hidden = page.state.text !== "own"; };
  fill(where,
    h("div", { class: "controls" },
      chosen("text", "text", [...[...page.texts.keys()].map(n => [n, n === "harbour" ? "the harbour (a tale)" : n === "weather" ? "the weather (one mould)" : n] as [string, string]), ["own", "one of your own"]], page.state.text, text => page.set({ text })),
      chosen("smoothing", "smoothing", smoothings, page.state.smoothing, smoothing => page.set({ smoothing })), k, order,
      named("share", slider({ label: "lines kept aside", min: 0.05, max: 0.95, step: 0.05, value: page.state.share, show: x => `${Math.round(100 * x)}%`, change: share => page.set({ share }) }))),
    own, out);
  const load = latest(async signal => {
    if (page.state.text === "own" && !page.state.own.trim()) return fill(out, h("p", { class: "quiet" }, "Paste a text above, a sentence a line."));
    out.classList.add("busy");
    try {
      const l = await call<Learned>("perplexity.learn", page.learning(), { signal });
      drawn(out, () => draw(page, out, l));
      told.tell(l);
    } finally { out.classList.remove("busy"); }
  }, error => showFault(out, error));
  page.on([...ofText, "order"], () => {
    shown();
    const input = order.querySelector("input")!;
    if (Number(input.value) !== page.state.order) { input.value = String(page.state.order); order.querySelector("output")!.textContent = input.value; }
    load();
  });
  shown();
  load();
  return told;
}

function ownText(page: Page): HTMLElement {
  const area = h("textarea", { rows: 8, id: "own", "aria-label": "A text of your own, a sentence a line", value: page.state.own, onchange: () => page.set({ own: area.value }) });
  const told = h("p", { class: "quiet" }, `The text stays on this machine. A link to this page holds it if it has fewer than ${number(longestInLink)} characters. A line is a sentence.`);
  return h("div", {}, area, h("div", { class: "row" },
    h("button", { type: "button", id: "clean", onclick: async () => {
      try { area.value = (await call<{ text: string }>("perplexity.clean", { text: area.value })).text; } catch (error) { return showFault(told, error); }
      page.set({ own: area.value });
    } }, "Make it small letters, a sentence a line")), told);
}

const bits = (m: Measured) => m.bits ?? NaN;

function draw(page: Page, out: HTMLElement, l: Learned) {
  const series: Series[] = [
    { name: "lines kept aside", points: l.models.map(m => [m.order, bits(m.test)]), colour: "var(--accent)" },
    { name: "lines learnt from", points: l.models.map(m => [m.order, bits(m.train)]), colour: "var(--warm)", dashed: true }];
  const at = l.models[page.state.order - 1]!;
  const infinite = l.models.filter(m => m.test.bits === null).map(m => m.order);
  fill(out,
    legend(series),
    h("figure", {}, lines(series, { label: "order n", min: 1, max: 5 }, { label: "bits a letter", min: 0 }, sized(out, 600, 280)),
      h("figcaption", {}, infinite.length ? `On the lines kept aside, order ${infinite.join(", ")} met what it held to be impossible: its bits are infinite, and not in the picture.` : "Where the two curves part, the model knows the text by heart, not the language.")),
    h("div", { class: "numbers" },
      h("div", {}, h("b", { id: "test-bits" }, number(bits(at.test), 6).replace("–", "∞")), `bits a letter, ${at.order}-gram, kept aside`),
      h("div", {}, h("b", { id: "test-perplexity" }, number(at.test.perplexity ?? Infinity, 6)), "perplexity"),
      h("div", {}, h("b", {}, at.test.error === null ? "–" : `± ${number(at.test.error, 2)}`), "standard error, by lines"),
      h("div", {}, h("b", { id: "test-right" }, `${number(100 * at.test.right, 3)}%`), "of the letters were the likeliest")),
    at.test.fault ? h("p", { class: "bad" }, at.test.fault) : null,
    folded("orders", "All orders, and the same on the command line",
      h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "All orders" }, h("table", { id: "orders" },
        h("thead", {}, h("tr", {}, ...["order", "n-grams", "learnt: bits", "kept aside: bits", "perplexity", "likeliest"].map(t => h("th", { scope: "col", class: "number" }, t)))),
        h("tbody", {}, ...l.models.map(m => h("tr", {}, h("td", { class: "number" }, m.order), h("td", { class: "number" }, number(m.grams)), ...[bits(m.train), m.test.bits ?? Infinity, m.test.perplexity ?? Infinity].map(x => h("td", { class: "number" }, number(x, 6))), h("td", { class: "number" }, `${number(100 * m.test.right, 3)}%`)))))),
      h("pre", { class: "command" }, command(page)),
      h("p", { class: "row" }, saved("train.txt", l.train), saved("test.txt", l.test))));
}

function command(page: Page): string {
  const { order, smoothing, k } = page.state, model = smoothing === "mle" ? "grams.rasp" : "grams.arpa";
  return `rasp ngram train.txt -o ${model} --order ${order} --smoothing ${smoothing}${smoothing === "add-k" ? ` --k ${k}` : ""}\nrasp perplexity ${model} test.txt --sentences --split chars`;
}
