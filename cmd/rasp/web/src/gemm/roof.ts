// The roofline of a machine, and where kernels stand under it.

import { fill, get, h, number, slider } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { lines } from "../lib/figure";
import { showFault } from "../lib/shell";
import { kernelName, tiles, type State } from "./page";

interface Roofline { intensity: number; attainable: number; share: number; memory: boolean; ridge: number; tile: number; roof: [number, number][] }

// Peaks in float32 without tensor cores, and bandwidths, as their makers' data sheets say.
const machines: [string, number, number][] = [["NVIDIA H100 SXM", 67000, 3350], ["NVIDIA T4", 8100, 320], ["a core of a Zen 4 CPU", 118, 26]];

const roofline = (state: State, tile: number, signal?: AbortSignal) =>
  call<Roofline>("gemm.roofline", { n: 128, tile, peak: state.peak, bandwidth: state.bandwidth }, signal ? { signal } : {});

export function roofSection(state: State, save: () => void) {
  const chart = h("figure"), says = h("p", { class: "said", "aria-live": "polite" }), numbers = h("div", { class: "numbers" });
  const ask = latest(async signal => {
    const all = await Promise.all(tiles.map(tile => roofline(state, tile, signal)));
    const mine = all[tiles.indexOf(state.roofTile)] ?? all[0]!;
    fill(chart, lines([
      { name: "roof", points: mine.roof, colour: "var(--quiet)" },
      { name: "kernels", points: all.map(r => [r.intensity, r.attainable]), dots: true, colour: "var(--accent)" },
      { name: kernelName(state.roofTile), points: [[mine.intensity, mine.attainable]], dots: true, colour: "var(--warm)" },
    ], { label: "operations a byte", log: true }, { label: "GFLOP/s", log: true }), h("figcaption", {}, "The line is the roof. A dot for each kernel, from one thread an element on the left to tiles of 32 × 32; the one that is picked is orange. Peaks are of float32 without tensor cores, from data sheets."));
    fill(says, `With ${kernelName(state.roofTile)} this machine `, mine.memory ? "waits for memory: it can reach " : "is busy computing: it can reach ", h("b", { id: "share" }, `${number(100 * mine.share, 3)} %`), " of its peak.");
    fill(numbers,
      h("div", {}, "operations a byte", h("b", {}, number(mine.intensity, 3))),
      h("div", {}, "attainable GFLOP/s", h("b", { id: "attainable" }, number(mine.attainable, 4))),
      h("div", {}, "the corner is at", h("b", { id: "ridge" }, number(mine.ridge, 3)), h("span", { class: "quiet" }, "operations a byte")));
  }, error => showFault(says, error));
  const sliders = h("div", { class: "row" });
  const place = () => fill(sliders,
    slider({ label: "Peak", min: 1, max: 6, step: 0.01, value: Math.log10(state.peak), show: x => `${number(gone(x))} GFLOP/s`, change: x => { state.peak = gone(x); changed(); } }),
    slider({ label: "Bandwidth", min: 0.5, max: 4.5, step: 0.01, value: Math.log10(state.bandwidth), show: x => `${number(gone(x))} GB/s`, change: x => { state.bandwidth = gone(x); changed(); } }));
  const changed = () => { save(); ask(); };
  const tile = h("select", { onchange: () => { state.roofTile = Number(tile.value); changed(); } }, ...tiles.map(t => h("option", { value: t, selected: t === state.roofTile }, kernelName(t))));
  fill(get("roof"),
    h("div", { class: "row" }, h("label", { class: "row" }, "Kernel", tile), ...machines.map(([name, peak, bandwidth]) => h("button", { type: "button", onclick: () => { Object.assign(state, { peak, bandwidth }); place(); changed(); } }, name))),
    sliders, chart, says, numbers);
  place(); ask();
  fill(get("roof-exercises"), exercise({
    question: "For the machine that the sliders say: what side must a tile have at least, so that memory is no longer what it waits for? Take t/4 operations a byte, and a whole number.",
    hint: "The corner of the roof is at peak / bandwidth.",
    check: async answer => {
      const r = await roofline(state, 0);
      const right = Number(answer) === r.tile;
      return { right, say: right ? (r.tile > 32 ? "More than 32: so fast kernels keep tiles in registers, too." : "Tiles of this side would do.") : `The corner is at ${number(r.ridge, 4)} operations a byte.` };
    },
  }));
}

// gone is what a place of a slider of powers of ten means, in three digits.
const gone = (x: number) => Number((10 ** x).toPrecision(3));
