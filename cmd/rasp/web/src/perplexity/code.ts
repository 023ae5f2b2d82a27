// The code as a picture: each letter takes its part of what the letters before it left.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider, svg } from "../lib/dom";
import { named } from "../lib/controls";
import { drawn, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { visible } from "./guess";
import { ofText, type Page } from "./page";

interface Coded { steps: Step[]; bits: number; code: string }
interface Step { letter: string; bits: number; sum: number; low: string; high: string; parts: { letter: string; low: number; high: number }[] }

export function coding(page: Page, where: HTMLElement) {
  const out = h("div", {});
  fill(where,
    h("div", { class: "controls" },
      named("coded", slider({ label: "letters", min: 1, max: 12, step: 1, value: page.state.coded, change: coded => page.set({ coded }) })),
      named("code-order", slider({ label: "model", min: 1, max: 5, step: 1, value: page.state.order, show: n => `${n}-gram`, change: order => page.set({ order }) }))),
    out);
  const load = latest(async signal => {
    const c = await call<Coded>("perplexity.code", { ...page.learning(), line: page.state.line + 1 /* not the one that is guessed */, letters: page.state.coded }, { signal });
    drawn(out, () => draw(out, c));
  }, error => showFault(out, error));
  page.on([...ofText, "line", "coded", "order"], load);
  page.on(["order"], () => {
    const input = where.querySelector<HTMLInputElement>("#code-order input")!;
    if (Number(input.value) !== page.state.order) { input.value = String(page.state.order); input.nextElementSibling!.textContent = `${page.state.order}-gram`; }
  });
  load();
}

function draw(out: HTMLElement, c: Coded) {
  const last = c.steps[c.steps.length - 1]!;
  fill(out,
    h("figure", {}, picture(c, sized(out, 640).width), h("figcaption", {}, "Each row is the coloured part of the row above, made wide again. The number at the right is what the letter costs.")),
    h("p", {}, `“${c.steps.map(s => visible(s.letter)).join("")}” is the interval from ${last.low} to ${last.high}, of width 2 to the −${number(c.bits, 4)}.`),
    h("p", {}, "A code for it: 0.", h("span", { class: "digits", id: "digits" }, c.code), ", ", h("strong", { id: "digit-count" }, c.code.length), " binary digits for ", h("strong", { id: "code-bits" }, number(c.bits, 4)), " bits."));
}

function picture(c: Coded, width: number): SVGSVGElement {
  const left = 4, right = 74, row = 26, gap = 16, wide = width - left - right;
  const chart = svg("svg", { class: "chart", role: "img", viewBox: `0 0 ${width} ${c.steps.length * (row + gap)}`, width,
    "aria-label": "Intervals: " + c.steps.map(s => `${visible(s.letter)} ${number(s.bits, 3)} bits`).join(", ") });
  c.steps.forEach((s, i) => {
    const y = i * (row + gap);
    for (const p of s.parts) {
      const x = left + p.low * wide, w = (p.high - p.low) * wide, mine = p.letter === s.letter;
      chart.append(svg("rect", { x, y, width: Math.max(w, mine ? 1 : 0.2), height: row, fill: mine ? "var(--accent)" : "var(--paper)", stroke: "var(--line)", "stroke-width": 0.7 }, svg("title", {}, `${visible(p.letter)}: ${number(100 * (p.high - p.low), 3)}%`)));
      if (w > 11) chart.append(svg("text", { x: x + w / 2, y: y + 17, "text-anchor": "middle", style: mine ? "fill:var(--on-accent)" : undefined }, visible(p.letter)));
      if (mine && i + 1 < c.steps.length) chart.append(svg("path", { d: `M${x} ${y + row}L${left} ${y + row + gap}H${left + wide}L${x + w} ${y + row}z`, fill: "color-mix(in srgb, var(--heat) 15%, transparent)" }));
    }
    chart.append(svg("text", { x: width - right + 8, y: y + 17 }, `${visible(s.letter)} ${number(s.bits, 3)}`));
  });
  return chart;
}
