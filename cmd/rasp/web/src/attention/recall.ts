// A name that returns some words later: n-grams beside a compiled program with attention.

import { fill, get, h, number, slider } from "../lib/dom";
import { call, latest } from "../lib/engine";
import { exercise } from "../lib/exercise";
import { bars } from "../lib/figure";
import { showFault } from "../lib/shell";
import type { State } from "./page";

interface Recall {
  training: string[]; text: string[]; names: string[]; reach: number; grams: number; used: number; markov: number[];
  program: string; parameters: number; attention: number[]; head: string; shares: number[];
}

const recall = (name: string, words: number, order: number, signal?: AbortSignal) => call<Recall>("attention.recall", { name, words, order }, signal ? { signal } : {});
const known = ["ada", "ben", "eva", "max", "zoe"];

export function recallSection(state: State, save: () => void) {
  const text = h("p", { class: "text", id: "text" }), two = h("div", { class: "beside" }), says = h("p", { class: "said", "aria-live": "polite" });
  const training = h("pre", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The text that is counted" }), program = h("pre", { class: "scrolls", tabIndex: 0, role: "region", "aria-label": "The program" });
  const ask = latest(async signal => {
    const r = await recall(state.name, state.words, state.order, signal);
    const window = r.text.length - (state.order - 1);
    fill(text, ...r.text.flatMap((word, i) => [h("span", { class: i >= window ? "word seen" : "word", style: `--share:${0.55 * (r.shares[i] ?? 0)}` }, word), " "]), h("span", { class: "blank" }, "?"));
    const chart = (title: string, p: number[], label: string) => h("div", {}, h("h3", {}, title), bars(r.names.map((name, i) => ({ name, share: p[i]!, marked: name === state.name })), label));
    fill(two,
      chart(`${order(state.order)}: the last ${state.order - 1 === 1 ? "word" : `${state.order - 1} words`}`, r.markov, "Probability of each name by n-grams"),
      chart(`Attention: head ${r.head}`, r.attention, "Probability of each name by attention"));
    const at = r.names.indexOf(state.name);
    fill(says, "For “", state.name, "” the n-grams say ", h("b", { id: "markov" }, number(r.markov[at]!, 3)), r.used === 0 ? " (they never counted that name)" : `, by a count of ${r.used} words,`,
      " and attention says ", h("b", { id: "recalled" }, number(r.attention[at]!, 3)), ". ",
      `${number(r.grams)} n-grams are counted; from n = ${r.reach} on they reach back to the name. The compiled model has ${number(r.parameters)} weights other than 0, whatever the distance.`);
    fill(training, r.training.join("\n"));
    fill(program, r.program.trimEnd());
  }, error => showFault(says, error));
  const changed = () => { save(); ask(); };
  const name = h("select", { onchange: () => { state.name = name.value; changed(); } }, ...known.map(n => h("option", { value: n, selected: n === state.name }, n + (n === "zoe" ? " (in no text)" : ""))));
  fill(get("recall"),
    h("div", { class: "row" }, h("label", { class: "row" }, "The name", name),
      slider({ label: "Words between", min: 0, max: 16, step: 1, value: state.words, change: x => { state.words = x; changed(); } }),
      slider({ label: "n of the n-grams", min: 1, max: 16, step: 1, value: state.order, change: x => { state.order = x; changed(); } })),
    text, h("p", { class: "quiet" }, "Underlined: what the n-grams see. Coloured: what the head attends to."), two, says,
    h("details", {}, h("summary", {}, "The text that was counted"), training),
    h("details", {}, h("summary", {}, "The program that was compiled"), program));
  ask();
  fill(get("recall-exercises"), exercise({
    question: "With 6 words between, from which n on do the n-grams recall the name?",
    hint: "The n-gram must hold the name, the words, “my name is”, and the name again.",
    check: async answer => {
      const n = Number(answer);
      if (!Number.isInteger(n) || n < 2 || n > 16) return { right: false, say: "A whole number from 2 to 16." };
      const [now, before] = await Promise.all([recall("ada", 6, n), recall("ada", 6, n - 1)]);
      const right = now.markov[0]! > 0.99 && before.markov[0]! < 0.99;
      return { right, say: `n = ${n - 1} gives ada ${number(before.markov[0]!, 3)}, n = ${n} gives ${number(now.markov[0]!, 3)}.` };
    },
  }));
}

const order = (n: number) => ["", "Unigrams", "Bigrams", "Trigrams"][n] ?? `${n}-grams`;
