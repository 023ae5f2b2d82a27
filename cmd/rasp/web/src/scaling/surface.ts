// The map of L(N, D): a picture of the engine; a press on it is a model.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { flops, power, size } from "./numbers";
import type { Page } from "./page";

interface Terms { loss: number; entropy: number; size: number; data: number; flops: number; ratio: number; best: number }
interface Surface { svg: string; width: number; height: number; left: number; right: number; top: number; bottom: number; n: [number, number]; d: [number, number] }

export function surface(page: Page, where: HTMLElement) {
  const n = slider({ label: "parameters N", min: 7, max: 13, step: 0.05, value: page.state.n, show: x => size(10 ** x), change: n => page.set({ n }) });
  const d = slider({ label: "tokens D", min: 8, max: 15, step: 0.05, value: page.state.d, show: x => size(10 ** x), change: d => page.set({ d }) });
  n.id = "own-n"; d.id = "own-d";
  const map = h("figure", {}), told = h("div", {});
  fill(where, h("div", { class: "controls" }, n, d), map,
    h("p", { class: "quiet" }, "Orange: you, and all models of your budget. Green: the best model of each budget. Thin lines join models of the same loss; the broken ones cost 10 to the 18, 21, 24 and 27 operations."), told);
  let shape: Surface | null = null;

  const press = (event: PointerEvent) => {
    const svg = map.querySelector("svg");
    if (!svg || !shape || event.type === "pointermove" && event.buttons === 0) return;
    const box = svg.getBoundingClientRect();
    const along = (x: number, from: number, to: number, [low, high]: [number, number]) => {
      const share = Math.max(0, Math.min(1, (x - from) / (to - from)));
      return Math.round(20 * (Math.log10(low) + share * Math.log10(high / low))) / 20;
    };
    page.set({
      n: along((event.clientX - box.left) / box.width * shape.width, shape.left, shape.right, shape.n),
      d: along((event.clientY - box.top) / box.height * shape.height, shape.bottom, shape.top, shape.d),
    });
  };
  map.addEventListener("pointerdown", press);
  map.addEventListener("pointermove", press);

  const load = latest(async signal => {
    const own = { ...page.law(), n: power(page.state.n), d: power(page.state.d) };
    const terms = await call<Terms>("scaling.at", own, { signal });
    shape = await call<Surface>("scaling.surface", { ...own, flops: terms.flops, width: Math.round(sized(map, 680).width) }, { signal });
    map.innerHTML = shape.svg; // of the engine, which writes numbers and words of its own only
    draw(told, terms);
  }, error => showFault(told, error));
  page.on(["n", "d"], () => {
    for (const [label, x] of [[n, page.state.n], [d, page.state.d]] as [HTMLLabelElement, number][]) {
      const input = label.querySelector("input")!;
      if (Number(input.value) === x) continue;
      input.value = String(x);
      label.querySelector("output")!.textContent = size(10 ** x);
      input.setAttribute("aria-valuetext", size(10 ** x));
    }
    load();
  });
  page.on(["law", "fitted"], load);
  let width = 0;
  new ResizeObserver(() => { if (map.clientWidth !== width) { width = map.clientWidth; load(); } }).observe(map);
}

function draw(told: Element, t: Terms) {
  const part = (name: string, x: number) => h("span", { class: name, style: `flex:${x / t.loss}` });
  fill(told,
    h("div", { class: "terms", "aria-hidden": "true" }, part("entropy", t.entropy), part("size", t.size), part("data", t.data)),
    h("div", { class: "numbers" },
      h("div", {}, h("b", { id: "own-loss" }, t.loss.toFixed(4)), "nats a token, L"),
      h("div", {}, h("b", {}, t.entropy.toFixed(4)), "E, the text itself (grey)"),
      h("div", {}, h("b", { id: "own-size" }, t.size.toFixed(4)), "too small a model (blue)"),
      h("div", {}, h("b", { id: "own-data" }, t.data.toFixed(4)), "too little data (orange)")),
    h("p", { id: "own-says" }, `It costs ${flops(t.flops)} operations to train, with ${number(t.ratio, 3)} tokens a parameter. The best model of that budget has a loss of ${t.best.toFixed(4)}.`));
}
