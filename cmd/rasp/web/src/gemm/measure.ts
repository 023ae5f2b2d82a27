// How fast the engine multiplies here: the page has the clock, the engine the loops.

import { fill, get, h, number } from "../lib/dom";
import { call, isServer } from "../lib/engine";
import { bars } from "../lib/figure";
import { showFault } from "../lib/shell";
import type { State } from "./page";

interface Multiplied { flops: number; sum: number }
const ways: [string, string][] = [["loops", "three loops"], ["tiles", "loops in tiles"], ["kernel", "rasp's kernel"]];

async function timed(n: number, times: number, how: string): Promise<{ ms: number; done: Multiplied }> {
  const from = performance.now();
  const done = await call<Multiplied>("gemm.multiply", { n, times, how }, { heavy: true });
  return { ms: performance.now() - from, done };
}

// rate is in GFLOP/s: so many products in one request that they take a tenth of a second, the
// fastest of three such requests, less the fastest that multiplies nothing.
async function rate(n: number, how: string): Promise<{ rate: number; sum: number }> {
  const { done } = await timed(n, 1, how); // and the engine is awake
  const most = Math.floor((how === "kernel" ? 1e10 : 1e9) / done.flops); // what it does in a request
  let times = 1;
  for (;;) {
    const took = (await timed(n, times, how)).ms - (await timed(n, 0, how)).ms;
    if (took >= 100 || times === most) break;
    times = Math.min(most, took < 20 ? 8 * times : Math.ceil(times * 150 / took));
  }
  let full = Infinity, empty = Infinity;
  for (let i = 0; i < 3; i++) {
    full = Math.min(full, (await timed(n, times, how)).ms);
    empty = Math.min(empty, (await timed(n, 0, how)).ms);
  }
  return { rate: times * done.flops / Math.max(full - empty, 0.1) / 1e6, sum: done.sum };
}

export function measureSection(state: State, save: () => void) {
  const result = h("div", { "aria-live": "polite", id: "measured" });
  const side = h("select", { onchange: () => { state.side = Number(side.value); save(); } }, ...[64, 128, 256, 512].map(n => h("option", { value: n, selected: n === state.side }, n)));
  const button = h("button", {
    type: "button", class: "main", onclick: async () => {
      button.disabled = true;
      try {
        const rates: { name: string; rate: number; sum: number }[] = [];
        for (const [how, name] of ways) {
          fill(result, h("p", { class: "quiet" }, `measuring: ${name} …`));
          rates.push({ name, ...await rate(state.side, how) });
        }
        const most = Math.max(...rates.map(r => r.rate)), same = rates.every(r => r.sum === rates[0]!.sum);
        fill(result,
          h("h3", {}, "GFLOP/s"), bars(rates.map(r => ({ name: r.name, share: r.rate / most, text: number(r.rate, 3) })), "GFLOP/s"),
          h("p", {}, `n = ${state.side}, ${isServer ? "on one core of this machine" : "in this page, as WebAssembly"}. `, h("span", { class: same ? "good" : "bad" }, same ? "✓ All three give the same sum of C." : "The sums of C differ.")));
      } catch (error) { showFault(result, error); } finally { button.disabled = false; }
    },
  }, "Measure");
  fill(get("measure"),
    h("div", { class: "row" }, h("label", { class: "row" }, "n", side), button),
    result,
    h("p", { class: "quiet" }, "Other work on the machine makes all of them slower. In a terminal: ", h("code", {}, "rasp bench --gemm 256"), "."));
}
