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

// rate is in GFLOP/s: the fastest of three, less what a request takes that multiplies nothing.
async function rate(n: number, how: string): Promise<{ rate: number; sum: number }> {
  let empty = Infinity;
  for (let i = 0; i < 3; i++) empty = Math.min(empty, (await timed(n, 0, how)).ms);
  const once = await timed(n, 1, how);
  const most = Math.floor((how === "kernel" ? 1e10 : 1e9) / once.done.flops); // what the engine does in a request
  const times = Math.max(1, Math.min(most, Math.ceil(250 / Math.max(once.ms - empty, 0.1))));
  let best = Infinity;
  for (let i = 0; i < 3; i++) best = Math.min(best, Math.max((await timed(n, times, how)).ms - empty, 0.01));
  return { rate: times * once.done.flops / best / 1e6, sum: once.done.sum };
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
          bars(rates.map(r => ({ name: r.name, share: r.rate / most, text: `${number(r.rate, 3)} GFLOP/s` })), "GFLOP/s"),
          h("p", {}, `n = ${state.side}, ${isServer ? "on one core of this machine" : "in this page, as WebAssembly"}. `, h("span", { class: same ? "good" : "bad" }, same ? "✓ All three give the same sum of C." : "The sums of C differ.")));
      } catch (error) { showFault(result, error); } finally { button.disabled = false; }
    },
  }, "Measure");
  fill(get("measure"),
    h("div", { class: "row" }, h("label", { class: "row" }, "n", side), button),
    result,
    h("p", { class: "quiet" }, "Other work on the machine makes all of them slower. In a terminal: ", h("code", {}, "rasp bench --gemm 256"), "."));
}
