// The game: chips on letters, beside n-grams that guess the same line.

import { call, latest } from "../lib/engine";
import { fill, h, number } from "../lib/dom";
import { bars } from "../lib/figure";
import { showFault } from "../lib/shell";
import { ofText, type Page } from "./page";

interface Sentence { letters: string[]; alphabet: string[]; lines: number; models: { bits: (number | null)[]; mean: (number | null)[]; best: string[]; p: number[] }[] }
interface Scored { p: number[]; bits: number[]; mean: number; perplexity: number }

const fromTheStart = 0.1; // chips that lie on each letter: nothing is impossible

// visible is a letter that can be seen.
export const visible = (letter: string) => letter === " " ? "␣" : letter === "</s>" ? "⏎" : letter === "<unk>" ? "other" : letter;
const spoken = (letter: string) => letter === " " ? "blank" : letter === "</s>" ? "end of the line" : letter === "<unk>" ? "other letter" : letter;

export function guessing(page: Page, where: HTMLElement) {
  let sentence: Sentence | null = null;
  let chips = new Map<string, number>(), placed: number[] = [], right: number[] = [], scored: Scored | null = null;

  const line = h("div", { class: "line", role: "group", "aria-label": "The line so far" });
  const letters = h("div", { class: "letters", role: "group", "aria-label": "Letters to put chips on" });
  const show = h("button", { type: "button", class: "main", id: "show", onclick: () => void reveal() }, "Show the letter");
  const verdict = h("p", { "aria-live": "polite", id: "verdict" });
  const board = h("div", { id: "board" });
  fill(where,
    line, letters,
    h("div", { class: "row" }, show,
      h("button", { type: "button", id: "takeback", onclick: () => { chips.clear(); draw(); } }, "Take the chips back"),
      h("button", { type: "button", id: "another", onclick: () => page.set({ line: (page.state.line + 1) % (sentence?.lines ?? 1) }) }, "Another line")),
    verdict, board);
  where.addEventListener("keydown", event => {
    if (!sentence || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement && event.target !== show)) { event.preventDefault(); void reveal(); }
    else if (event.key !== " " && sentence.alphabet.includes(event.key)) put(event.key);
  });

  function put(letter: string) {
    chips.set(letter, (chips.get(letter) ?? 0) + 1);
    draw();
  }

  function draw() {
    if (!sentence) return;
    const at = placed.length, over = at >= sentence.letters.length;
    fill(line, ...sentence.letters.slice(0, at).map((l, i) => h("span", { class: "shown", style: `--share:${Math.min(100, (scored?.bits[i] ?? 0) * 16)}%`, title: `you: ${number(scored?.bits[i] ?? NaN, 3)} bits` }, l === "</s>" ? "⏎" : l)), over ? null : h("span", { class: "next" }, " "));
    show.disabled = over;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.letter : undefined;
    fill(letters, ...[...sentence.alphabet].sort(order).map(l => {
      const n = chips.get(l) ?? 0;
      return h("button", { type: "button", disabled: over, "data-letter": l, "aria-pressed": n > 0, "aria-label": `${spoken(l)}, ${n} ${n === 1 ? "chip" : "chips"}`, onclick: () => put(l) }, visible(l), h("small", {}, n || ""));
    }));
    if (focused) letters.querySelector<HTMLElement>(`[data-letter=${CSS.escape(focused)}]`)?.focus();
    drawBoard(at);
  }

  function drawBoard(at: number) {
    if (!scored || at === 0) return fill(board, h("p", { class: "quiet" }, "Without any chip all letters are equally likely to you. The n-grams have learnt from other lines of the text; they guess the same letters."));
    const models = sentence!.models.map((m, i) => ({ name: `${i + 1}-gram`, mean: m.mean[at - 1] ?? Infinity }));
    const most = Math.max(scored.mean, ...models.map(m => Number.isFinite(m.mean) ? m.mean : 0), 1);
    const all = [{ name: "you", mean: scored.mean }, ...models];
    fill(board,
      h("p", {}, h("strong", { id: "mine" }, number(scored.mean, 3)), " bits a letter over ", number(at), at === 1 ? " letter" : " letters", ": a perplexity of ", h("strong", { id: "my-perplexity" }, number(scored.perplexity, 3)), "."),
      h("figure", {}, bars(all.map(m => ({ name: m.name, share: Number.isFinite(m.mean) ? m.mean / most : 1, text: number(m.mean, 3), marked: m.name === "you" })), "Bits a letter so far"),
        h("figcaption", {}, "Mean bits a letter so far; shorter is better.")));
  }

  async function reveal() {
    if (!sentence || placed.length >= sentence.letters.length) return;
    const at = placed.length, letter = sentence.letters[at]!;
    placed.push([...chips.values()].reduce((a, b) => a + b, 0));
    right.push(chips.get(letter) ?? 0);
    chips = new Map();
    try {
      scored = await call<Scored>("perplexity.bets", { alphabet: sentence.alphabet.length, k: fromTheStart, placed, right });
    } catch (error) { return showFault(verdict, error); }
    const three = sentence.models[page.state.order - 1]!;
    fill(verdict, `It was ${spoken(letter)}. You had given it ${percent(scored.p[at]!)}: ${number(scored.bits[at]!, 3)} bits. `,
      `The ${page.state.order}-gram thought of ${spoken(three.best[at]!)} (${percent(three.p[at]!)}) and paid ${number(three.bits[at] ?? Infinity, 3)} bits.`);
    draw();
  }

  const load = latest(async signal => {
    sentence = await call<Sentence>("perplexity.guess", { ...page.learning(), line: page.state.line }, { signal });
    chips = new Map(); placed = []; right = []; scored = null;
    fill(verdict);
    draw();
  }, error => { sentence = null; fill(letters); fill(line); showFault(board, error); });
  page.on([...ofText, "line"], load);
  load();
}

const percent = (p: number) => `${number(100 * p, 2)}%`;
const rank = (l: string) => l === "</s>" ? 2 : l === "<unk>" ? 3 : l === " " ? 1 : 0;
const order = (a: string, b: string) => rank(a) - rank(b) || (a < b ? -1 : 1);
