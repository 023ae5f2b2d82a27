// A program step by step: which keys a query selects, what comes of their values, and the
// head that the compiler makes of it.

import { fill, get, h, number } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { heat } from "../lib/figure";
import { showFault } from "../lib/shell";
import type { State } from "./page";

interface Walk {
  tokens: string[]; selector: string; keys: string[]; queries: string[]; operator: string; selected: boolean[][];
  values: string[]; default: string; output: string; results: string[];
  head: string; scores: (number | null)[][]; shares: (number[] | null)[]; model: string[]; agree: boolean; deviation: number;
}

interface Program { title: string; text: string; input: string; about: string }
export const programs: Record<string, Program> = {
  before: {
    title: "the mean of what comes before", input: "31415",
    text: '#rasp:vocab "0123456789"\n#rasp:length 8\nbefore = select(indices, indices, <);\nmean = aggregate(before, tokens_int, 0);\n',
    about: "A key is selected if its index is less than that of the query. So position i takes the mean of all digits before it.",
  },
  previous: {
    title: "shift right", input: "facade",
    text: '#rasp:vocab "abcdefgh"\n#rasp:length 8\nprevious = select(indices, indices - 1, ==);\nshifted = aggregate(previous, tokens, "-");\n',
    about: "A key is selected if its index equals that of the query less 1: the one on the left, and no other. Its token is copied.",
  },
};

const ask = (program: string, input: string, signal?: AbortSignal) => call<Walk>("rasp.walk", { program: { text: programs[program]!.text }, input }, signal ? { signal } : {});

export function walkSection(state: State, save: () => void) {
  if (!Object.hasOwn(programs, state.program)) state.program = "before";
  const text = h("pre", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The program" }), about = h("p"), fault = h("div");
  const table = h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "What the query sees" }), says = h("p", { class: "said", id: "says", "aria-live": "polite" });
  const matrices = h("div", { class: "beside" }), agrees = h("p", { id: "agrees" });
  let view: Walk | null = null;
  const look = latest(async signal => {
    view = await ask(state.program, state.input || programs[state.program]!.input, signal);
    fill(fault);
    show(view);
  }, error => { view = null; for (const e of [table, says, matrices, agrees]) fill(e); showFault(fault, error); });

  function show(w: Walk) {
    const i = state.at = Math.max(0, Math.min(Math.trunc(state.at), w.tokens.length - 1));
    place.max = String(w.tokens.length - 1);
    place.value = String(i);
    place.setAttribute("aria-valuetext", `position ${i}, token ${w.tokens[i]}`);
    fill(which, `position ${i}`);
    back.disabled = i === 0; next.disabled = i === w.tokens.length - 1;
    const picked = w.tokens.map((_, j) => j).filter(j => w.selected[i]![j]);
    const row = (name: string, cell: (j: number) => string, kind = "") => h("tr", {}, h("th", { scope: "row" }, name), ...w.tokens.map((_, j) => h("td", { class: `${w.selected[i]![j] ? "picked " : ""}${j === i ? "query " : ""}${kind}` }, cell(j))));
    fill(table, h("table", { class: "walk" }, h("caption", { class: "unseen" }, `What position ${i} sees of each position`),
      h("thead", {}, h("tr", {}, h("th", { scope: "row" }, "position"), ...w.tokens.map((_, j) => h("th", { scope: "col", class: j === i ? "query" : "" }, j)))),
      h("tbody", {}, row("token", j => w.tokens[j]!), row(`key ${w.operator} query`, j => `${w.keys[j]} ${w.operator} ${w.queries[i]}`, "compared"), row("selected", j => w.selected[i]![j] ? "yes" : "no"), row("value", j => w.selected[i]![j] ? w.values[j]! : ""), row(w.output, j => j <= i ? w.results[j]! : "·", "result"))));
    const values = picked.map(j => w.values[j]);
    fill(says, ...(picked.length === 0 ? [`Position ${i} selects nothing, so it gets the default: `, h("b", {}, w.results[i]!), "."]
      : picked.length === 1 ? [`Position ${i} selects position ${picked[0]}, and gets its value: `, h("b", {}, w.results[i]!), "."]
      : [`Position ${i} selects ${picked.length} positions, and gets their mean: (${values.join(" + ")}) / ${picked.length} = `, h("b", {}, w.results[i]!), "."]));
    const labels = w.tokens.map((t, j) => `${j} ${t}`);
    const pick = (q: number) => { state.at = q; save(); show(w); };
    const selector = heat({ rows: labels, columns: labels, caption: `${w.selector}: a row for each query, a column for each key`, share: (q, k) => w.selected[q]![k] ? 0.55 : 0, text: (q, k) => w.selected[q]![k] ? "1" : "", pick });
    const head = heat({ rows: labels, columns: labels, caption: `Head ${w.head}: weights without that of BOS`, share: (q, k) => 0.55 * (w.shares[q]?.[k] ?? 0), text: (q, k) => w.shares[q]?.[k] ? number(w.shares[q]![k]!, 2) : "", title: (q, k) => `score ${number(w.scores[q]![k + 1] ?? NaN)}`, pick });
    for (const m of [selector, head]) { m.classList.add("numbered"); m.querySelectorAll("tbody tr")[i]!.classList.add("now"); }
    fill(matrices, h("div", {}, h("h3", {}, "The selector ", h("code", {}, w.selector)), h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The selector" }, selector)),
      h("div", {}, h("h3", {}, `Head ${w.head} of the model`), h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The head" }, head)));
    agrees.className = w.agree && w.deviation < 1e-3 ? "good" : "bad";
    fill(agrees, w.agree ? `✓ Model and interpreter agree: ${w.output} is [${w.model.join(", ")}]. ${w.deviation === 0 ? "The shares of the head are exactly those of the selector." : `No share of the head is further than ${number(w.deviation, 2)} from that of the selector.`}` : `✗ The model gives [${w.model.join(", ")}], the interpreter [${w.results.join(", ")}].`);
  }

  const which = h("output", {});
  const go = (to: number) => { state.at = to; save(); if (view) show(view); };
  const place = h("input", { type: "range", min: 0, max: 7, step: 1, value: state.at, "aria-label": "Position", oninput: () => go(Number(place.value)) });
  const back = h("button", { type: "button", onclick: () => go(state.at - 1) }, "Back"), next = h("button", { type: "button", class: "main", onclick: () => go(state.at + 1) }, "Next position");
  const input = h("input", { type: "text", size: 10, maxLength: 32, spellcheck: false, autocomplete: "off", oninput: () => { state.input = input.value; save(); look(); } });
  const tabs = Object.entries(programs).map(([name, p]) => h("button", { type: "button", id: `program-${name}`, onclick: () => choose(name, "") }, p.title));
  function choose(name: string, typed: string) {
    state.program = name; state.input = typed;
    tabs.forEach(t => t.setAttribute("aria-pressed", String(t.id === `program-${name}`)));
    const p = programs[name]!;
    input.value = typed || p.input;
    fill(text, p.text.trimEnd()); fill(about, p.about);
    save(); look();
  }
  fill(get("walk"), h("div", { class: "row", role: "group", "aria-label": "Program" }, ...tabs), text, about,
    h("div", { class: "row" }, h("label", { class: "row" }, "Input", input), back, next, place, which), fault, table, says, matrices, agrees);
  choose(state.program, state.input);
  exercises();
}

function exercises() {
  fill(get("walk-exercises"),
    exercise({
      question: "Input 2718: what does “the mean of what comes before” give at position 3?",
      hint: "Position 3 selects the positions 0, 1 and 2.",
      check: async answer => {
        const { results } = await ask("before", "2718");
        const right = answer !== "" && Math.abs(Number(answer) - Number(results[3])) < 0.005;
        return { right, say: right ? "(2 + 7 + 1) / 3." : "The digit at position 3 itself is not before it." };
      },
    }),
    exercise({
      question: "An input of 8 tokens: how many ones does the whole matrix of select(indices, indices, <) have?",
      check: async answer => {
        const { selected } = await ask("before", "00000000");
        const ones = selected.flat().filter(Boolean).length, right = Number(answer) === ones;
        return { right, say: right ? "0 + 1 + … + 7: half of the square without the diagonal." : "Position i selects i keys." };
      },
    }));
}
