// A head of a ready-made program: its scores and weights on an input, and its QK circuit.

import { fill, get, h, number } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { heat } from "../lib/figure";
import { showFault } from "../lib/shell";
import type { State } from "./page";

interface Name { name: string; kind: string; selector: string; sop: string }
interface View {
  input: string; tokens: string[]; heads: Name[]; head: Name;
  scores: (number | null)[][]; weights: (number | null)[][]; shares: (number[] | null)[];
  qk: { rows: string[]; columns: string[]; cells?: (number | null)[][]; queries: number[][]; keys: number[][]; sums: (number | null)[][] };
}

const programs = ["shift", "histogram", "reverse", "sort", "induction", "most_frequent", "dyck1"];

export function headSection(state: State, save: () => void) {
  const heads = h("select", { "aria-label": "Head", onchange: () => { state.head = heads.value; changed(); } });
  const input = h("input", { type: "text", size: 14, value: state.input, "aria-label": "Input", spellcheck: false, oninput: () => { state.input = input.value; changed(); } });
  const about = h("p", { class: "said" }), weights = h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "Weights of the head" });
  const meets = h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "Scores of a query" }), circuit = h("div", { class: "scrolls circuit", tabIndex: 0, role: "region", "aria-label": "The QK circuit" });
  const query = h("select", { "aria-label": "Query", onchange: () => { state.at = Number(query.value); save(); if (view) show(view); } });
  let view: View | null = null;

  const ask = latest(async signal => {
    view = await call<View>("attention.head", { program: state.program, input: state.input, head: state.head }, { signal });
    show(view);
  }, error => { fill(meets); fill(circuit); fill(weights); showFault(about, error); });
  const changed = () => { save(); ask(); };
  const program = h("select", { "aria-label": "Program", onchange: () => { Object.assign(state, { program: program.value, head: "", input: "" }); input.value = ""; changed(); } },
    ...[...new Set([...programs, state.program])].map(p => h("option", { selected: p === state.program }, p)));

  function show(v: View) {
    state.at = Math.max(0, Math.min(Math.trunc(state.at), v.tokens.length - 1));
    if (input !== document.activeElement) input.value = v.input;
    fill(heads, ...v.heads.map(x => h("option", { value: x.name, selected: x.name === v.head.name }, `${x.name} ${x.kind} ${x.selector}`)));
    const labels = v.tokens.map((t, i) => `${i} ${t}`);
    fill(query, ...labels.map((t, i) => h("option", { value: i, selected: i === state.at }, t)));
    fill(about, "Head ", h("b", {}, v.head.name), ` ${v.head.kind} `, h("code", {}, v.head.selector), v.head.sop ? " for " : "", v.head.sop ? h("code", {}, v.head.sop) : null, ".");
    const table = heat({
      rows: labels, columns: labels, caption: "Weights without that of BOS: a row for each query, a column for each key",
      share: (i, j) => 0.55 * (v.shares[i]?.[j] ?? 0), text: (i, j) => v.shares[i]?.[j] ? number(v.shares[i]![j]!, 2) : "",
      pick: i => { state.at = i; save(); show(v); },
    });
    table.classList.add("numbered");
    table.querySelectorAll("tbody tr")[state.at]?.classList.add("now");
    fill(weights, table);
    scores(v);
    cells(v);
  }

  // The scores of the query that is picked, beside what the circuit says of them.
  function scores(v: View) {
    const i = state.at;
    fill(meets, h("table", { id: "scores" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "key"), h("th", { scope: "col", class: "number" }, "score"), h("th", { scope: "col", class: "number" }, "by the circuit"), h("th", { scope: "col", class: "number" }, "softmax"))),
      h("tbody", {}, ...["BOS", ...v.tokens.map((t, j) => `${j} ${t}`)].map((name, k) => h("tr", {}, h("th", { scope: "row" }, name),
        h("td", { class: "number" }, v.scores[i]![k] === null ? "not seen" : number(v.scores[i]![k]!)), h("td", { class: "number" }, number(v.qk.sums[i]![k] ?? NaN)), h("td", { class: "number" }, v.weights[i]![k] === null ? "–" : number(v.weights[i]![k]!, 3)))))));
  }

  function cells(v: View) {
    const all = v.qk.cells, rows = v.qk.queries[state.at] ?? [];
    if (!all) { fill(circuit, h("p", { class: "quiet" }, `The circuit has ${v.qk.rows.length} × ${v.qk.columns.length} cells, too many to show here.`)); return; }
    const least = all.flat().reduce<number>((a, b) => Math.min(a, b ?? 0), 0), most = all.flat().reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
    const table = heat({
      rows: v.qk.rows, columns: v.qk.columns, caption: "The QK circuit: a row for what a query can be, a column for what a key can be",
      share: (i, j) => all[i]![j] === null ? 0 : most === least ? 1 : Math.max(0, 1 - Math.sqrt((most - all[i]![j]!) / (most - least))),
      title: (i, j) => `${v.qk.rows[i]}, ${v.qk.columns[j]}: ${all[i]![j] === null ? "none" : number(all[i]![j]!)}`,
    });
    rows.forEach(i => table.querySelectorAll("tbody tr")[i]?.classList.add("now"));
    fill(circuit, table);
  }

  fill(get("head"),
    h("div", { class: "row" }, h("label", { class: "row" }, "Program", program), h("label", { class: "row" }, "Input", input), h("label", { class: "row" }, "Head", heads)),
    about,
    h("div", { class: "beside" }, h("div", {}, h("h3", {}, "Weights"), weights), h("div", {}, h("label", { class: "row" }, h("b", {}, "Scores of query"), query), meets)),
    h("h3", {}, "QK circuit"), circuit,
    h("p", { class: "quiet" }, "Rows: what the query holds; columns: what the key holds; the stronger the colour, the larger the score; a frame is around what the picked query holds. Score and circuit differ by a number that is the same for all keys of a query, which softmax takes away. Weights leave out BOS, the token before the input, which takes the weight where nothing is selected."));
  ask();
}
