// Easy puzzles, with a field for a solution, a check, and a counterexample.

import { fill, get, h, number } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { showFault } from "../lib/shell";
import { pack } from "../lib/state";
import { fresh } from "../index/store";
import type { Puzzle, Sizes, Verdict } from "../index/answers";
import type { State } from "./page";

// One for each thing that this page tells of.
const easy = ["caesar", "shift", "nth", "majority", "histogram"];

export function puzzleSection(state: State, save: () => void) {
  const where = get("puzzle");
  Promise.all(easy.map(name => call<Puzzle>("puzzle", { name }))).then(list => open(list)).catch(error => showFault(where, error));

  function open(list: Puzzle[]) {
    const find = () => list.find(p => p.name === state.puzzle) ?? list[0]!;
    const about = h("div"), verdict = h("div", { id: "verdict", "aria-live": "polite" });
    const editor = h("textarea", { rows: 12, spellcheck: false, class: "mono", autocomplete: "off", "aria-label": "Your solution", oninput: () => { state.text = editor.value; save(); void link(); } });
    const tabs = list.map((p, i) => h("button", { type: "button", "data-puzzle": p.name, onclick: () => { state.puzzle = p.name; state.text = ""; save(); show(); } }, `${i + 1} ${p.name}`));
    const check = latest(async signal => {
      fill(verdict, h("p", { class: "quiet" }, "trying …"));
      const v = await call<Verdict>("puzzle.check", { name: find().name, text: editor.value }, { signal, heavy: true });
      fill(verdict, ...said(find(), v));
    }, error => showFault(verdict, error));
    const play = h("a", { id: "play" }, "Open in the playground");
    const link = async () => { play.href = "index.html" + await pack({ ...fresh, text: editor.value, puzzle: find().name }); };
    function show() {
      const p = find();
      state.puzzle = p.name;
      tabs.forEach(t => t.setAttribute("aria-pressed", String(t.dataset.puzzle === p.name)));
      fill(about, h("h3", {}, p.title), p.statement.length ? h("p", {}, p.statement.join(" ")) : null,
        h("ul", {}, ...p.examples.map(x => h("li", {}, h("code", {}, `${x.input} → [${x.answer.join(", ")}]`)))),
        ...p.hints.map((text, i) => h("details", {}, h("summary", {}, p.hints.length > 1 ? `Hint ${i + 1}` : "Hint"), text)));
      editor.value = state.text || p.start;
      fill(verdict);
      void link();
    }
    fill(where, h("div", { class: "row", role: "group", "aria-label": "Puzzle" }, ...tabs), about, editor,
      h("div", { class: "row" }, h("button", { type: "button", class: "main", id: "check", onclick: () => check() }, "Check"), h("button", { type: "button", onclick: () => { state.text = ""; save(); show(); } }, "Start again"), play), verdict);
    show();
  }
}

// said is a verdict in words, with a table of what the program does where it is wrong.
function said(p: Puzzle, v: Verdict): Node[] {
  if (v.faults?.length) return v.faults.map(f => h("pre", { class: "fault scrolls" }, f.text.trimEnd()));
  const w = v.counterexample;
  if (w) {
    const row = (name: string, values: string[], kind = "") => h("tr", {}, h("th", { scope: "row" }, name), ...values.map((v, i) => h("td", { class: `${i === w.position ? "wrong " : ""}${kind}` }, v)));
    const rows = [row("position", w.tokens.map((_, i) => String(i))), row("input", w.tokens), row("expected", w.expected), ...(w.got ? [row("answer", w.got, "got")] : []), ...w.names.filter(n => n.values).map(n => row(n.name, n.values!))];
    return [
      h("p", { class: "bad" }, `✗ ${w.fault ? "It fails" : "It is wrong"} on `, h("code", {}, w.input), `, at position ${w.position}.`),
      w.fault ? h("pre", { class: "fault scrolls" }, w.fault.text.trimEnd()) : h("span"),
      h("div", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The counterexample" }, h("table", { class: "walk" }, h("caption", { class: "unseen" }, "The counterexample"), h("tbody", {}, ...rows))),
      ...w.names.filter(n => n.selector).map(n => h("p", {}, h("code", {}, n.name), `: position ${w.position} selects ${n.selected?.length ? n.selected.join(", ") : "nothing"}`)),
      h("p", { class: "quiet" }, w.note ?? ""),
    ];
  }
  const tried = `✓ Right on ${v.exhaustive ? "all " : ""}${number(v.inputs)} inputs that were tried.`;
  if (v.refused?.length) return [h("p", { class: "good" }, tried), h("p", {}, "The compiler makes no model of it:"), ...v.refused.map(f => h("pre", { class: "scrolls" }, f.text.trimEnd()))];
  const size = (s: Sizes) => `${s.layers} ${s.layers === 1 ? "layer" : "layers"}, ${s.heads} ${s.heads === 1 ? "head" : "heads"}, ${number(s.parameters)} parameters`;
  return [h("p", { class: "good" }, tried), h("p", {}, `Its model has ${size(v.sizes!)}; the best known has ${size(p.best)}.`)];
}
