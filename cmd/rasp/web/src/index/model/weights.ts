// The weights of a tensor, with the names of rows and columns. A cell can be changed.

import { fill, h, number } from "../../lib/dom";
import { call } from "../../lib/engine";
import { showFault } from "../../lib/shell";
import { live } from "../live";
import { pointing } from "./heads";
import type { Part, Session } from "./session";

interface Entry { number: number; name: string; line?: number }
interface Weights { tensor: string; shape: number[]; rows: Entry[]; columns: Entry[]; cells: number[][]; largest: number; left: [number, number] }

export function weights(session: Session): Part {
  let tensor = "blocks.0.attn.W_Q", head = 0;
  const names = h("select", { "aria-label": "Tensor", onchange: () => { tensor = names.value; head = 0; asked.again(); } });
  const which = h("select", { "aria-label": "Head", onchange: () => { head = Number(which.value); asked.again(); } });
  const table = h("div", { class: "wide", tabIndex: 0, role: "region", "aria-label": "Weights" });
  const box = h("details", { class: "weights-of", ontoggle: () => { if (box.open) asked.again(); } }, h("summary", {}, "Weights"),
    h("p", { class: "quiet about" }, "Every number of the model that is not 0, with what its row and column are. Choose one and type another: what breaks?"),
    h("div", { class: "row" }, names, which), table);
  const asked = live<Weights>({
    ask: signal => call<Weights>("weights", { program: session.program(), changes: session.store.state.changes, tensor, head }, { signal, heavy: true }),
    got: w => draw(w), failed: error => showFault(table, error), busy: () => {},
  });
  const choices = () => {
    const made = session.made!;
    if (!made.tensors.some(t => t.name === tensor)) tensor = made.tensors[0]?.name ?? "";
    fill(names, ...made.tensors.map(t => h("option", { value: t.name, selected: t.name === tensor }, `${t.name} [${t.shape.join(", ")}]`)));
  };
  const draw = (w: Weights) => {
    const layer = Number(/^blocks\.(\d+)\.attn\./.exec(w.tensor)?.[1] ?? -1), of = session.made?.parts[layer] ?? [];
    which.hidden = layer < 0 || w.tensor.endsWith("b_O");
    fill(which, ...of.map(p => h("option", { value: p.head, selected: p.head === head }, `head ${layer}.${p.head}`)));
    const width = w.shape[w.shape.length - 1] ?? 1;
    fill(table, w.rows.length === 0 ? h("p", {}, "All of it is 0.") : h("table", { class: "weights" },
      h("thead", {}, h("tr", {}, h("td"), ...w.columns.map(c => h("th", { scope: "col", title: c.line ? `line ${c.line}` : "" }, c.name)))),
      h("tbody", {}, ...w.rows.map((r, i) => h("tr", { ...pointing(session, r.line) }, h("th", { scope: "row" }, r.name), ...w.columns.map((c, j) => {
        const x = w.cells[i]![j]!;
        return h("td", { class: "number cell", style: `--share:${(Math.abs(x) / (w.largest || 1)).toFixed(3)}` },
          h("button", { type: "button", class: "weight", "aria-label": `${r.name}, ${c.name}: ${number(x)}; change it`, onclick: (event: Event) => edit(event.currentTarget as HTMLElement, w.tensor, r.number * width + c.number, x) }, x === 0 ? "·" : number(x)));
      }))))), w.left[0] + w.left[1] > 0 ? h("p", { class: "quiet" }, `${w.left[0]} rows and ${w.left[1]} columns more are not shown.`) : null);
  };
  const edit = (button: HTMLElement, name: string, index: number, x: number) => {
    const field = h("input", { type: "number", step: "any", value: String(x), size: 8, "aria-label": "The new weight" });
    let finished = false; // Enter ends it, and so does what follows: the field loses the focus
    const done = (take: boolean) => {
      if (finished) return;
      finished = true;
      if (take && field.value !== "" && Number(field.value) !== x) session.change({ kind: "weight", tensor: name, index, weight: Number(field.value) });
      else field.replaceWith(button);
    };
    field.addEventListener("keydown", event => { if (event.key === "Enter") done(true); if (event.key === "Escape") done(false); });
    field.addEventListener("blur", () => done(true));
    button.replaceWith(field);
    field.select();
  };
  session.on(moment => {
    box.hidden = !session.made;
    if (!session.made) return;
    if (moment === "made") choices();
    if (box.open && (moment === "made" || moment === "changes")) asked.again();
  });
  return { element: box };
}
