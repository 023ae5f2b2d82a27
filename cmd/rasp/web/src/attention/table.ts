// A table of keys and values, and a query: as arrows that can be dragged, and as numbers.

import { fill, get, h, number, slider } from "../lib/dom";
import { latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { showFault } from "../lib/shell";
import { look, type Looked } from "./look";
import type { State } from "./page";
import { plane } from "./plane";

const names = "abcdefgh"; // of keys; a table has no more

export function tableSection(state: State, moved: () => void) {
  const result = h("div", { "aria-live": "polite" }), rows = h("tbody"), arrows = h("div", { class: "plane" });
  const fault = h("div");
  let view: Looked | null = null;
  const ask = latest(async signal => {
    view = await look([state.query], state.keys, state.values, state.sharpness, false, signal);
    fill(fault);
    shown();
  }, error => showFault(fault, error));

  const change = () => { draw(); ask(); moved(); };
  const draw = () => fill(arrows, plane(state, names, () => { numbers(); change(); }));

  // The numbers of the table stand in fields; what is computed is filled in by shown.
  const numbers = () => fill(rows, ...state.keys.map((key, i) => h("tr", {},
    h("th", { scope: "row" }, names[i]!),
    h("td", {}, field(`key ${names[i]}, first number`, key[0]!, x => { key[0] = x; change(); })),
    h("td", {}, field(`key ${names[i]}, second number`, key[1]!, x => { key[1] = x; change(); })),
    h("td", {}, field(`value of ${names[i]}`, state.values[i]!, x => { state.values[i] = x; change(); })),
    h("td", { class: "number score" }), h("td", { class: "number weight" }), h("td", { class: "share" }, h("span", { class: "bar" })),
  )));
  const shown = () => {
    if (!view) return;
    [...rows.rows].forEach((row, i) => {
      row.querySelector(".score")!.textContent = number(view!.scores[0]![i] ?? NaN, 3);
      row.querySelector(".weight")!.textContent = number(view!.weights[0]![i] ?? NaN, 3);
      row.querySelector<HTMLElement>(".bar")!.style.width = `${100 * (view!.weights[0]![i] ?? 0)}%`;
      row.classList.toggle("largest", view!.largest[0]!.includes(i));
    });
    const largest = view.largest[0]!.map(i => names[i]).join(", ");
    fill(result, h("div", { class: "numbers" },
      h("div", {}, "softmax gives", h("b", { id: "soft" }, number(view.outputs[0]![0]!, 5)), h("span", { class: "quiet" }, "the mean of all values, by weight")),
      h("div", {}, "argmax gives", h("b", { id: "hard" }, number(view.hard[0]![0]!, 5)), h("span", { class: "quiet" }, `the value of ${largest}, whose score is the largest`))));
  };

  const query = [0, 1].map(c => field(`query, ${c ? "second" : "first"} number`, state.query[c]!, x => { state.query[c] = x; change(); }));
  const more = h("button", { type: "button", onclick: () => { if (state.keys.length < names.length) { state.keys.push([1, -1]); state.values.push(10 * state.values.length + 10); numbers(); change(); } } }, "Add a row");
  const less = h("button", { type: "button", onclick: () => { if (state.keys.length > 1) { state.keys.pop(); state.values.pop(); numbers(); change(); } } }, "Remove the last");
  fill(get("table"),
    h("div", { class: "beside table" },
      h("div", {}, arrows, h("p", { class: "quiet" }, "The thick arrow is the query. With the keyboard: Tab to an arrow, then the arrow keys.")),
      h("div", {},
        h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The table as numbers" }, h("table", { class: "look" },
          h("thead", {}, h("tr", {}, ...["", "key", "", "value"].map(t => t ? h("th", { scope: "col" }, t) : h("td", {}, "")), h("th", { scope: "col", class: "number" }, "score"), h("th", { scope: "col", class: "number" }, "weight"), h("td"))),
          rows,
          h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "q"), h("td", {}, query[0]!), h("td", {}, query[1]!), h("td", { colSpan: 4 }))))),
        h("div", { class: "row buttons" }, more, less))),
    h("div", { class: "row" }, slider({
      label: "Sharpness", min: 0, max: 100, step: 1, value: toStep(state.sharpness), show: x => `× ${number(fromStep(x), 3)}`,
      change: x => { state.sharpness = fromStep(x); ask(); moved(); },
    }), h("span", { class: "quiet" }, "0 is a mean of all, a large one a look-up")),
    result, fault);
  numbers(); draw(); ask();
  exercises(state);
  // Dragging changes the fields of the query, too.
  const drawn = new MutationObserver(() => query.forEach((f, c) => { if (document.activeElement !== f) f.value = String(state.query[c]); }));
  drawn.observe(arrows, { childList: true });
}

// The sharpness goes from 0 through 1 in the middle to 100.
const fromStep = (x: number) => x === 0 ? 0 : Number((10 ** ((x - 50) / 25)).toPrecision(3));
const toStep = (s: number) => s <= 0 ? 0 : Math.round(50 + 25 * Math.log10(s));

function field(label: string, value: number, change: (x: number) => void): HTMLInputElement {
  const input = h("input", { type: "number", step: 0.1, value: String(value), "aria-label": label, oninput: () => { if (input.value !== "" && Number.isFinite(input.valueAsNumber)) change(input.valueAsNumber); } });
  return input;
}

function exercises(state: State) {
  fill(get("table-exercises"),
    exercise({
      question: "With a sharpness of 0, whatever the query is: what does softmax give for the table above?",
      hint: "All scores are the same then, so all weights are.",
      check: async answer => {
        const { outputs } = await look([state.query], state.keys, state.values, 0);
        const right = answer !== "" && Math.abs(Number(answer) - outputs[0]![0]!) < 0.005;
        return { right, say: right ? "The mean of all values: it asks nobody in particular." : `What is a mean of ${state.values.join(", ")}, if each counts the same?` };
      },
    }),
    exercise({
      question: "From which whole sharpness on does the largest weight reach 0.99, for the query and the table above? (0 if it never does.)",
      hint: "Move the slider until the weight reads 0.99, then try whole numbers around it.",
      check: async answer => {
        const s = Number(answer);
        const most = async (x: number) => Math.max(...(await look([state.query], state.keys, state.values, x)).weights[0]!);
        if (s === 0 && answer !== "") { const right = await most(10000) < 0.99; return { right, say: right ? "Two keys have the same score, so they share." : "It does, if it is sharp enough." }; }
        if (!Number.isInteger(s) || s < 1 || s > 10000) return { right: false, say: "A whole number, please." };
        const now = await most(s), before = await most(s - 1);
        const right = now >= 0.99 && before < 0.99;
        return { right, say: `With ${s} the largest weight is ${number(now)}, with ${s - 1} it is ${number(before)}.` };
      },
    }));
}
