// The fit: runs and law, what it owes to single runs, and to how a miss is counted.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { chosen, folded } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { flops, size } from "./numbers";
import type { Law, Page } from "./page";
import type { Point } from "./runs";

export interface Fitted extends Law { objective: string; value: number; scale?: number; runs: number; exponent: number; ratio: number; points: Point[]; frontier: [number, number][]; valleys: [number, number][][] }

export function fitting(page: Page, where: HTMLElement) {
  const s = page.state, out = h("div", { id: "fitted" });
  const drop = slider({ label: "leave out the worst", min: 0, max: 15, step: 1, value: s.drop, change: drop => page.set({ drop }) });
  drop.id = "drop";
  fill(where, h("div", { class: "controls" }, drop,
    chosen("objective", "a miss is counted by", [["sum", "the sum of Huber losses"], ["density", "the density, its scale fitted"]], s.objective, objective => page.set({ objective }))), out);
  const load = latest(async signal => {
    if (!page.csv) { page.fitted = null; page.tell("fitted"); return fill(out, h("p", { class: "quiet" }, "There are no runs to fit.")); }
    out.classList.add("busy");
    try {
      const all = { csv: page.csv, objective: s.objective, drop: 0, leave: [] };
      const these = await call<Fitted>("scaling.fit", page.chosen(), { signal, heavy: true });
      const whole = s.drop || s.leave.length ? await call<Fitted>("scaling.fit", all, { signal, heavy: true }).catch(error => { signal.throwIfAborted(); void error; return null; }) : these;
      const truth = s.source === "made" ? await call<{ law: Law; optimal: { tokens_per_parameter: number } }>("scaling.plan", { flops: 5.76e23 }, { signal }) : null;
      page.fitted = { E: these.E, A: these.A, B: these.B, alpha: these.alpha, beta: these.beta };
      drawn(out, () => draw(page, out, these, whole, truth && { ...truth.law, ratio: truth.optimal.tokens_per_parameter }));
      page.tell("fitted");
    } catch (error) {
      if (!signal.aborted) { page.fitted = null; page.tell("fitted"); }
      throw error;
    } finally { out.classList.remove("busy"); }
  }, error => showFault(out, error));
  page.on(["runs", "objective", "drop", "leave"], load);
}

type Column = Law & { ratio: number; exponent?: number };

function draw(page: Page, out: HTMLElement, f: Fitted, whole: Fitted | null, truth: Column | null) {
  const kept = f.points.map((p, i) => ({ p, i })).filter(x => x.p.kept), left = f.points.map((p, i) => ({ p, i })).filter(x => !x.p.kept);
  const at = (x: { p: Point }): [number, number] => [x.p.flops, x.p.loss];
  const series: Series[] = [
    ...f.valleys.map((points): Series => ({ name: "one size", points, colour: "var(--quiet)", dashed: true })),
    { name: "law, best N and D", points: f.frontier, colour: "var(--good)" },
    { name: "runs", points: kept.map(at), colour: "var(--accent)", dots: true },
    { name: "left out", points: left.map(at), colour: "var(--bad)", dots: true }];
  const chart = lines(series, { label: "training FLOPs", log: true }, { label: "loss", log: false }, sized(out, 640, 340));
  const toggle = (i: number) => {
    const leave = page.state.leave;
    page.set({ leave: leave.includes(i) ? leave.filter(x => x !== i) : [...leave, i] });
  };
  chart.querySelectorAll("circle").forEach((c, at) => {
    const x = [...kept, ...left][at];
    if (x) c.addEventListener("click", () => toggle(x.i));
  });
  const worst = f.points.map((p, i) => ({ p, i })).sort((a, b) => Math.abs(b.p.off) - Math.abs(a.p.off)).slice(0, 5);
  const columns: [string, Column | null][] = [["all runs", whole], [`these ${f.runs}`, f]];
  if (truth) columns.unshift(["the truth", truth]);
  const row = (name: string, of: (c: Column) => string) => h("tr", {}, h("th", { scope: "row" }, name), ...columns.map(([, c]) => h("td", { class: "number" }, c ? of(c) : "–")));
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.run : undefined;
  fill(out,
    legend([series[f.valleys.length + 1]!, ...(left.length ? [series[f.valleys.length + 2]!] : []), series[f.valleys.length]!, { name: "law, five sizes", points: [], colour: "var(--quiet)", dashed: true }]),
    h("figure", { class: "thin" }, chart, h("figcaption", {}, "Press a run to leave it out, or to take it back.")),
    h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "Coefficients" }, h("table", { id: "coefficients" },
      h("thead", {}, h("tr", {}, h("td", {}), ...columns.map(([name]) => h("th", { scope: "col", class: "number" }, name)))),
      h("tbody", {},
        row("E", c => c.E.toFixed(4)), row("A", c => number(c.A, 5)), row("B", c => number(c.B, 5)), row("α", c => c.alpha.toFixed(5)), row("β", c => c.beta.toFixed(5)),
        row("tokens a parameter at 5.76e23 FLOPs", c => c.ratio.toFixed(1))))),
    h("p", {}, "The best N grows as C to the ", h("strong", { id: "exponent" }, f.exponent.toFixed(4)), `. Objective (${f.objective}): `, h("span", { id: "objective-value" }, f.value.toPrecision(8)), "."),
    folded("worst", "The runs that the law misses most",
      h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "Runs that the law misses" }, h("table", { id: "worst" },
        h("thead", {}, h("tr", {}, ...["N", "D", "FLOPs", "loss", "law is off by", ""].map(x => h("th", { scope: "col", class: "number" }, x)))),
        h("tbody", {}, ...worst.map(({ p, i }) => h("tr", {}, ...[size(p.n), size(p.d), flops(p.flops), number(p.loss, 5), `${number(100 * p.off, 3)}%`].map(x => h("td", { class: "number" }, x)),
          h("td", {}, page.state.leave.includes(i) || p.kept ? h("button", { type: "button", "data-run": i, "aria-label": `${p.kept ? "Leave out" : "Take back"} the run of N = ${size(p.n)}, D = ${size(p.d)}`, onclick: () => toggle(i) }, p.kept ? "leave out" : "take back") : "among the worst"))))))),
    folded("fit", "The same on the command line", h("pre", { class: "command" }, `rasp scaling fit runs.csv --objective ${f.objective}${page.state.drop ? ` --drop-worst ${page.state.drop}` : ""}`)));
  if (focused) out.querySelector<HTMLElement>(`[data-run="${focused}"]`)?.focus();
}
