// The page about perplexity: what its parts share, and what an address holds of it.

import "./page.css";
import { call } from "../lib/engine";
import { held } from "../lib/held";
import { open, showFault } from "../lib/shell";
import { get } from "../lib/dom";
import { guessing } from "./guess";
import { coding } from "./code";
import { learning } from "./learn";
import { floor } from "./floor";
import { sharpness } from "./sharp";
import { wording } from "./words";
import { exercises } from "./exercises";

export interface State {
  text: string;       // name of a ready-made text, or "own"
  own: string;        // the text of somebody's own, in a link if it is short
  smoothing: string;
  k: number;          // of add-k
  share: number;      // of the lines that are measured
  order: number;      // of the model that is looked at
  line: number;       // that is guessed
  coded: number;      // letters that are coded
  temperature: number;
  letters: number; back: number; keep: number; tokens: number; seed: number; floorSmoothing: string; // of the source
}

const fresh: State = {
  text: "harbour", own: "", smoothing: "kneser-ney", k: 1, share: 0.25, order: 3, line: 0, coded: 7, temperature: 1,
  letters: 2, back: 3, keep: 0.9, tokens: 2000, seed: 1, floorSmoothing: "witten-bell",
};

// Page is what the parts see: the state, and each other's changes.
export class Page {
  readonly texts = new Map<string, string>();
  private listeners: { fields: (keyof State)[]; tell: () => void }[] = [];
  constructor(readonly state: State, private save: (kept: State) => void) {}

  on(fields: (keyof State)[], tell: () => void) { this.listeners.push({ fields, tell }); }

  set(some: Partial<State>) {
    Object.assign(this.state, some);
    this.save(this.state.own.length > longestInLink ? { ...this.state, own: "", text: this.state.text === "own" ? "harbour" : this.state.text } : this.state);
    for (const l of this.listeners) if (l.fields.some(f => f in some)) l.tell();
  }

  // learning is what methods of the engine take about the text.
  learning() {
    const { smoothing, k, share, order } = this.state;
    return { text: this.text(), smoothing, k, share, order };
  }

  text(): string { return this.state.text === "own" ? this.state.own : this.texts.get(this.state.text) ?? ""; }
}

export const ofText: (keyof State)[] = ["text", "own", "smoothing", "k", "share"];
export const longestInLink = 8000; // characters of a text

async function start() {
  open();
  const { state, save } = await held(fresh);
  const page = new Page(state, save);
  for (const t of await call<{ name: string; text: string }[]>("perplexity.texts")) page.texts.set(t.name, t.text);
  if (page.state.text !== "own" && !page.texts.has(page.state.text)) page.state.text = fresh.text;
  guessing(page, get("guess"));
  coding(page, get("code"));
  const learnt = learning(page, get("learn"));
  const source = floor(page, get("floor"));
  sharpness(page, get("sharp"), learnt);
  wording(page, get("words"));
  exercises(page, learnt, source);
}

start().catch(error => showFault(get("guess"), error));
