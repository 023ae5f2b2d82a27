// The bootstrap, some resamples at a time, so that one can watch and stop.

import { call } from "../lib/engine";
import { fill, h, number, slider, svg } from "../lib/dom";
import { lines, scale } from "../lib/figure";
import { drawn, sized } from "../lib/legend";
import { said, showFault } from "../lib/shell";
import type { Law, Page } from "./page";

interface Interval { low: number; high: number }
interface Bootstrap { samples: number; E: Interval; A: Interval; B: Interval; alpha: Interval; beta: Interval; exponent: Interval; tokens_per_parameter: Interval }

const atOnce = 5; // resamples of one request

export function sureness(page: Page, where: HTMLElement) {
  const s = page.state;
  let running: AbortController | null = null;
  const out = h("div", { id: "bootstrap" }), bar = h("progress", { id: "done", max: 1, value: 0, "aria-label": "Resamples that are fitted" }), told = h("span", { "aria-live": "polite", id: "sure-says" });
  const go = h("button", { type: "button", class: "main", id: "draw", onclick: () => void draw() }, "Draw them anew");
  const stop = h("button", { type: "button", id: "stop", disabled: true, onclick: () => running?.abort() }, "Stop");
  const samples = slider({ label: "times", min: 20, max: 400, step: 20, value: s.samples, change: samples => page.set({ samples }) });
  samples.id = "samples";
  fill(where, h("div", { class: "controls" }, samples, go, stop, bar), told, out);
  page.on(["runs", "objective", "drop", "leave"], () => { running?.abort(); fill(out); fill(told); bar.value = 0; });

  async function draw() {
    if (!page.csv) return fill(told, "There are no runs to draw from.");
    running?.abort();
    const mine = running = new AbortController(), options = { signal: mine.signal, heavy: true };
    go.disabled = true; stop.disabled = false;
    bar.max = s.samples; bar.value = 0;
    const laws: Law[] = [], all = s.samples, runs = page.chosen();
    try {
      while (laws.length < all) {
        laws.push(...(await call<{ laws: Law[] }>("scaling.redraw", { ...runs, seed: 1, from: laws.length, to: Math.min(all, laws.length + atOnce) }, options)).laws);
        bar.value = laws.length;
        fill(told, `${laws.length} of ${all}`);
        if (laws.length % 20 === 0 || laws.length === all) {
          const b = await call<Bootstrap>("scaling.intervals", { laws }, { signal: mine.signal }), so = [...laws];
          drawn(out, () => show(out, so, b, page.fitted, `rasp scaling fit runs.csv --objective ${runs.objective}${runs.drop ? ` --drop-worst ${runs.drop}` : ""} --bootstrap ${so.length}`));
        }
      }
      fill(told, `${all} resamples are fitted.`);
    } catch (error) {
      if (mine.signal.aborted) { if (running === mine && laws.length) fill(told, `Stopped after ${laws.length}.`); }
      else { fill(told, said(error)); showFault(out, error); }
    } finally { if (running === mine) { go.disabled = false; stop.disabled = true; running = null; } }
  }
}

function show(out: HTMLElement, laws: Law[], b: Bootstrap, fitted: Law | null, command: string) {
  const good = laws.filter(l => l.A > 0); // the others follow no law
  const rows: [string, Interval][] = [["E", b.E], ["A", b.A], ["B", b.B], ["α", b.alpha], ["β", b.beta], ["N grows as C to the", b.exponent], ["tokens a parameter", b.tokens_per_parameter]];
  fill(out,
    h("figure", {}, lines([
      { name: "a resample", points: good.map(l => [l.alpha, l.A]), colour: "var(--accent)", dots: true },
      ...(fitted ? [{ name: "the fit", points: [[fitted.alpha, fitted.A]] as [number, number][], colour: "var(--bad)", dots: true }] : [])],
      { label: "α" }, { label: "A", log: true }, sized(out, 600, 300)),
      h("figcaption", {}, "Each dot is the law of one resample; the red one is that of the runs themselves.")),
    h("figure", {}, ranges(rows, sized(out, 600).width), h("figcaption", {}, `The middle 95% of ${b.samples} resamples, each relative to the middle of its own range: a long bar is a number that the runs hardly say.`)),
    h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "Intervals" }, h("table", { id: "intervals" },
      h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col", class: "number" }, "from"), h("th", { scope: "col", class: "number" }, "to"))),
      h("tbody", {}, ...rows.map(([name, i]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "number" }, number(i.low, 5)), h("td", { class: "number" }, number(i.high, 5))))))),
    h("pre", { class: "command" }, command));
}

// ranges draws intervals as factors around their middle.
function ranges(rows: [string, Interval][], width: number): SVGSVGElement {
  const left = 132, line = 22, middle = (i: Interval) => Math.sqrt(i.low * i.high);
  const spread = Math.max(1.5, ...rows.map(([, i]) => i.high / middle(i)));
  const x = scale({ label: "", log: true, min: 1 / spread, max: spread }, [], left, width - 12);
  const chart = svg("svg", { class: "chart", role: "img", viewBox: `0 0 ${width} ${line * rows.length + 20}`, width, "aria-label": "How far each number reaches: " + rows.map(([n, i]) => `${n} ${number(i.low, 3)} to ${number(i.high, 3)}`).join(", ") });
  chart.append(svg("line", { class: "axis", x1: x.at(1), x2: x.at(1), y1: 0, y2: line * rows.length }));
  rows.forEach(([name, i], at) => chart.append(
    svg("text", { x: left - 8, y: at * line + 15, "text-anchor": "end" }, name),
    svg("rect", { x: x.at(i.low / middle(i)), y: at * line + 6, width: Math.max(2, x.at(i.high / middle(i)) - x.at(i.low / middle(i))), height: 10, rx: 3, fill: "var(--accent)" })));
  for (const t of [1 / spread, 1, spread]) chart.append(svg("text", { class: "tick", x: x.at(t), y: line * rows.length + 14, "text-anchor": t > 1 ? "end" : t < 1 ? "start" : "middle" }, `× ${number(t, 2)}`));
  return chart;
}
