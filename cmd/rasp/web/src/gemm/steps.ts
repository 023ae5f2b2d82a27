// The product step by step: which numbers of A and B are fetched, for which elements of C.

import { fill, get, h, number, slider, svg } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { showFault } from "../lib/shell";
import { kernelName, type Counted, type State } from "./page";

interface Step { row: number; column: number; rows: number; columns: number; from: number; depth: number; done: boolean; loads: number; stores: number }
interface Steps extends Counted { steps: Step[] }

const sides = [4, 8, 12, 16], kernels = [0, 2, 4, 8];

export function stepSection(state: State, save: () => void) {
  const picture = h("div", { class: "product" }), says = h("p", { class: "said", id: "says" }), numbers = h("div", { class: "numbers" });
  let all: Steps | null = null, timer = 0, pause = 300;
  const ask = latest(async signal => {
    all = await call<Steps>("gemm.steps", { n: state.n, tile: state.tile }, { signal });
    state.step = Math.max(0, Math.min(Math.trunc(state.step), all.steps.length));
    place.max = String(all.steps.length);
    show();
  }, error => showFault(picture, error));

  function show() {
    if (!all) return;
    const { n } = state, now = all.steps[state.step - 1];
    fill(picture, draw(n, all.steps.slice(0, state.step)));
    fill(says, !now ? "Nothing is fetched yet. Press Step, or Play."
      : state.tile ? `The block fetches ${now.rows} × ${now.depth} numbers of A and ${now.depth} × ${now.columns} of B into shared memory${now.done ? ", and its part of C is complete." : "."}`
      : `The thread of c${sub(now.row)}${sub(now.column)} fetches row ${now.row} of A and column ${now.column} of B: ${now.depth} + ${now.depth} numbers.`);
    fill(numbers,
      h("div", {}, "loads so far", h("b", { id: "loads" }, number(now?.loads ?? 0))),
      h("div", {}, "of", h("b", { id: "all-loads" }, number(all.loads)), h("span", { class: "quiet" }, state.tile ? "2n³ / tile" : "2n³")),
      h("div", {}, "elements of C written", h("b", {}, number(now?.stores ?? 0))),
      h("div", {}, "step", h("b", { id: "step" }, `${state.step} / ${all.steps.length}`)));
    place.value = String(state.step);
    place.setAttribute("aria-valuetext", `step ${state.step} of ${all.steps.length}`);
    back.disabled = state.step === 0;
    next.disabled = state.step === all.steps.length;
  }
  const go = (to: number) => { if (!all) return; state.step = Math.max(0, Math.min(all.steps.length, to)); save(); show(); };
  const stop = () => { clearInterval(timer); timer = 0; fill(play, "Play"); play.setAttribute("aria-pressed", "false"); };
  const start = () => {
    if (!all) return;
    if (state.step === all.steps.length) go(0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) { go(all.steps.length); return; } // the end, without a film
    fill(play, "Pause"); play.setAttribute("aria-pressed", "true");
    timer = window.setInterval(() => { go(state.step + 1); if (state.step === all!.steps.length) stop(); }, pause);
  };
  const place = h("input", { type: "range", min: 0, max: 1, step: 1, value: 0, "aria-label": "Step", oninput: () => { stop(); go(Number(place.value)); } });
  const back = h("button", { type: "button", onclick: () => { stop(); go(state.step - 1); } }, "Back");
  const next = h("button", { type: "button", onclick: () => { stop(); go(state.step + 1); } }, "Step");
  const play = h("button", { type: "button", class: "main", "aria-pressed": "false", onclick: () => { if (timer) stop(); else start(); } }, "Play");
  const changed = () => { stop(); state.step = 0; save(); ask(); };
  const kernel = h("select", { onchange: () => { state.tile = Number(kernel.value); changed(); } }, ...[...new Set([...kernels, state.tile])].map(t => h("option", { value: t, selected: t === state.tile }, kernelName(t))));
  const side = h("select", { onchange: () => { state.n = Number(side.value); changed(); } }, ...[...new Set([...sides, state.n])].map(n => h("option", { value: n, selected: n === state.n }, n)));
  fill(get("steps"),
    h("div", { class: "row" }, h("label", { class: "row" }, "Kernel", kernel), h("label", { class: "row" }, "n", side)),
    picture, h("p", { class: "legend quiet" }, h("span", { class: "key fetched" }), "fetched now ", h("span", { class: "key current" }), "computed with it ", h("span", { class: "key done" }), "complete"), says,
    h("div", { class: "row" }, back, next, play, h("button", { type: "button", onclick: () => { stop(); go(0); } }, "From the start"), place),
    h("div", { class: "row" }, slider({ label: "Pause between steps", min: 50, max: 1000, step: 50, value: pause, show: x => `${x} ms`, change: x => { pause = x; if (timer) { stop(); start(); } } })),
    numbers);
  ask();
}

const sub = (i: number) => [...String(i)].map(c => "₀₁₂₃₄₅₆₇₈₉"[Number(c)]).join("");

// draw shows A on the left, B above, C where they meet: what is fetched now, what is
// computed with it, and which elements are complete.
function draw(n: number, steps: Step[]): SVGSVGElement {
  const cell = Math.min(20, 160 / n), gap = 24, width = 2 * n * cell + gap + 20;
  const now = steps.at(-1);
  const chart = svg("svg", { viewBox: `-16 -16 ${width + 16} ${width + 16}`, width: width + 16, role: "img", "aria-label": now ? `A: rows ${now.row} to ${now.row + now.rows - 1}, columns ${now.from} to ${now.from + now.depth - 1}; B: rows ${now.from} to ${now.from + now.depth - 1}, columns ${now.column} to ${now.column + now.columns - 1}; C: ${now.stores} of ${n * n} elements written` : "Matrices A, B and C" });
  const far = n * cell + gap;
  matrix(0, far, "A", (i, j) => now && i >= now.row && i < now.row + now.rows && j >= now.from && j < now.from + now.depth ? "fetched" : "");
  matrix(far, 0, "B", (i, j) => now && i >= now.from && i < now.from + now.depth && j >= now.column && j < now.column + now.columns ? "fetched" : "");
  const done = new Set(steps.filter(s => s.done).flatMap(s => Array.from({ length: s.rows * s.columns }, (_, k) => (s.row + Math.floor(k / s.columns)) * n + s.column + k % s.columns)));
  matrix(far, far, "C", (i, j) => now && i >= now.row && i < now.row + now.rows && j >= now.column && j < now.column + now.columns ? "current" : done.has(i * n + j) ? "done" : "");
  return chart;

  function matrix(x: number, y: number, name: string, kind: (i: number, j: number) => string | undefined) {
    chart.append(svg("text", { x: x - 12, y: y + 12, class: "name" }, name));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) chart.append(svg("rect", { x: x + j * cell, y: y + i * cell, width: cell - 1, height: cell - 1, class: `cell ${kind(i, j) ?? ""}` }));
  }
}
