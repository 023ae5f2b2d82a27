// All rows of the table ask, each with its own key: the matrix of weights, with and without
// a causal mask.

import { fill, get, h, number } from "../lib/dom";
import { latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { heat } from "../lib/figure";
import { showFault } from "../lib/shell";
import { look } from "./look";
import type { State } from "./page";

// maskSection returns what computes the matrix anew.
export function maskSection(state: State, save: () => void): () => void {
  const figure = h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "Weights of all positions" }), says = h("p", { class: "said", "aria-live": "polite" });
  const ask = latest(async signal => {
    const { weights, outputs } = await look(state.keys, state.keys, state.values, state.sharpness, state.causal, signal);
    const n = state.keys.length, names = [..."abcdefgh"].slice(0, n);
    const table = heat({
      rows: names, columns: names, caption: "Weights: a row for each query, a column for each key",
      share: (i, j) => 0.55 * (weights[i]![j] ?? 0),
      text: (i, j) => weights[i]![j] === undefined ? "–" : number(weights[i]![j]!, 2),
    });
    [...table.querySelectorAll("tbody tr")].forEach((row, i) => {
      row.querySelectorAll("td").forEach((cell, j) => { cell.classList.add("number"); if (weights[i]![j] === undefined) cell.classList.add("masked"); });
      row.append(h("td", { class: "number out" }, number(outputs[i]![0]!, 4)));
    });
    table.querySelector("thead tr")!.append(h("th", { scope: "col" }, "output"));
    fill(figure, table);
    fill(says, "Position a gives ", h("b", {}, number(outputs[0]![0]!, 4)), state.causal ? ": it sees nothing but itself." : ": it sees all positions.");
  }, error => showFault(figure, error));
  const box = h("input", { type: "checkbox", id: "causal", checked: state.causal, onchange: () => { state.causal = box.checked; save(); ask(); } });
  fill(get("mask"), h("label", { class: "row" }, box, "Causal mask: a position does not see what comes after it"), figure, says);
  fill(get("mask-exercises"), exercise({
    question: "A text of 64 tokens, one head, a causal mask: how many of the 64 × 64 weights can be other than 0?",
    hint: "Position 0 has 1, position 1 has 2, and so on.",
    check: async answer => {
      const some = Array.from({ length: 64 }, () => [0]);
      const { weights } = await look(some, some, some.map(() => 0), 1, true);
      const right = Number(answer) === weights.flat().length;
      return { right, say: right ? "n (n + 1) / 2, about half of the square." : "Add up how many keys each position sees." };
    },
  }));
  return ask;
}
