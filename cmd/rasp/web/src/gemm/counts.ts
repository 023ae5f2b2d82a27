// Kernels that ran, with each load counted, beside the formula.

import { fill, get, h, number, slider } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { showFault } from "../lib/shell";
import { kernelName, tiles, type Counted, type State } from "./page";

export function countSection(state: State, save: () => void) {
  const rows = h("tbody"), fault = h("div");
  const ask = latest(async signal => {
    const all = await Promise.all(tiles.map(tile => call<Counted>("gemm.count", { n: state.size, tile }, { signal })));
    const most = all[0]!.loads;
    fill(fault);
    fill(rows, ...all.map((c, i) => h("tr", {},
      h("th", { scope: "row" }, kernelName(tiles[i]!)),
      h("td", { class: "number loads" }, number(c.loads)), h("td", { class: "number" }, number(c.formula)),
      h("td", { class: c.loads === c.formula ? "good" : "quiet" }, c.loads === c.formula ? "✓ equal" : "the edge is smaller"),
      h("td", { class: "number" }, number(c.intensity, 3)),
      h("td", { class: "share" }, h("span", { class: "bar", style: `width:${100 * c.loads / most}%` })))));
  }, error => showFault(fault, error));
  fill(get("counts"),
    slider({ label: "n", min: 32, max: 128, step: 32, value: state.size, change: x => { state.size = x; save(); ask(); } }),
    h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "Loads by kernel" }, h("table", { id: "loads-table" },
      h("thead", {}, h("tr", {}, ...["kernel", "loads counted", "by formula", "", "operations a byte", ""].map((t, i) => t ? h("th", { scope: "col", class: i > 0 ? "number" : "" }, t) : h("td")))), rows)),
    fault);
  ask();
  fill(get("count-exercises"), exercise({
    question: "n = 96, tiles of 16 × 16: how many numbers are fetched from global memory?",
    hint: "96³ is 884,736.",
    check: async answer => {
      const { loads } = await call<Counted>("gemm.count", { n: 96, tile: 16 });
      const right = Number(answer.replaceAll(",", "")) === loads;
      return { right, say: right ? "2 · 96³ / 16, as the kernel counted, too." : "2n³, and each number serves as many threads as a tile is wide." };
    },
  }));
}
