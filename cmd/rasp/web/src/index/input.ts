// The input: a field, the tokens of the domain as buttons, and what is wrong with it.

import { fill, h } from "../lib/dom";
import { RaspError, type Fault } from "../lib/engine";
import { said } from "../lib/shell";
import type { Ran, Token } from "./answers";
import type { Store } from "./store";

const mostButtons = 40;

export class Input {
  readonly element: HTMLElement;
  private readonly field = h("input", {
    type: "text", id: "input-field", autocomplete: "off", spellcheck: false, "aria-describedby": "input-says", "aria-label": "Input: one token a character, or a JSON list",
    oninput: () => this.store.set({ input: this.field.value }),
  });
  private readonly tokens = h("div", { class: "tokens", role: "group", "aria-label": "Tokens of the vocabulary" });
  private readonly says = h("p", { id: "input-says", class: "says", "aria-live": "polite" });
  private offered = "";

  constructor(private readonly store: Store) {
    this.field.autocapitalize = "off";
    this.element = h("div", { class: "input" }, h("label", { for: "input-field" }, "Input"), this.field, this.tokens, this.says);
    store.on(state => { if (this.field.value !== state.input) this.field.value = state.input; });
  }

  focus() { this.field.focus(); this.field.select(); }

  // show what the program says of its inputs.
  show(ran: Ran) {
    this.field.placeholder = ran.examples[0] ?? "";
    this.field.removeAttribute("aria-invalid");
    fill(this.says, ran.beside ? `The program runs on this, but a model does not take it: ${ran.beside}.` : null);
    this.says.className = "says warm";
    this.offer(ran);
  }

  // refuse says why the input is none.
  refuse(error: unknown) {
    this.field.setAttribute("aria-invalid", "true");
    this.says.className = "says bad";
    const hint = error instanceof RaspError && error.hint ? ` ${error.hint}.` : "";
    const plain = this.field.value.startsWith("[") && this.offered.includes('"["');
    fill(this.says, `${said(error)}.${hint} `, plain && h("button", { type: "button", class: "small", onclick: () => this.store.set({ input: listOf([...this.field.value]) }) }, "Read it as one token a character"));
  }

  accept() { this.field.removeAttribute("aria-invalid"); fill(this.says); }

  // offer makes buttons of tokens, if they are others than before.
  private offer(ran: Ran) {
    const key = JSON.stringify([ran.tokens, ran.examples]);
    if (key === this.offered) return;
    this.offered = key;
    const press = (label: string, name: string, input: () => string) => h("button", { type: "button", class: "token", "aria-label": name, title: name, onclick: () => this.store.set({ input: input() }) }, label);
    const now = () => this.field.value || ran.examples[0] || "";
    fill(this.tokens,
      ...ran.tokens.slice(0, mostButtons).map(t => press(t.shown, `Add ${t.shown}`, () => extended(this.field.value, t))),
      ran.tokens.length > 0 ? press("⌫", "Remove the last token", () => shortened(now())) : null,
      ...ran.examples.slice(0, 4).map(x => h("button", { type: "button", class: "example", title: "An example of the program", onclick: () => this.store.set({ input: x }) }, x)));
  }
}

// isOfInput reports whether an error is one of the input, not of the program.
export function isOfInput(error: unknown): boolean {
  return error instanceof RaspError && error.faults.length > 0 && error.faults.every((f: Fault) => f.line === 0);
}

const listOf = (items: string[]) => JSON.stringify(items).replaceAll(",", ", ");

function items(text: string): unknown[] | null {
  if (!text.startsWith("[")) return null;
  try { return JSON.parse(text) as unknown[]; } catch { return null; }
}

// extended is an input with a token more: a character more, or an item.
function extended(text: string, t: Token): string {
  const list = items(text);
  if (list === null && t.plain && !(text === "" && t.plain === "[")) return text + t.plain;
  const written = (list ?? [...text]).map(x => JSON.stringify(x));
  return "[" + [...written, t.json].join(", ") + "]";
}

function shortened(text: string): string {
  const list = items(text);
  if (list === null) return [...text].slice(0, -1).join("");
  return "[" + list.slice(0, -1).map(x => JSON.stringify(x)).join(", ") + "]";
}
