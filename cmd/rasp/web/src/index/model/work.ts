// The model at work: which layer and position are looked at, and what the engine says of
// them (api.Layer). Its parts draw each answer.

import { fill, h } from "../../lib/dom";
import { call } from "../../lib/engine";
import { showFault } from "../../lib/shell";
import { live } from "../live";
import type { Part, Session } from "./session";

export interface HeadAtWork {
  head: number; name: string; kind: string; selector: string; sop?: string; line?: number; part?: number; parts?: number; brings: string[];
  queries: number[]; weights: (number | null)[][]; scores: (number | null)[][]; shares: (number | null)[][];
}
export interface Neuron { neuron: number; name: string; line?: number; active: (number | null)[]; writes: string[] }
export interface Held { sop: string; line?: number; is?: string; dims: string[]; model: string[]; program?: string[]; differ: number[] }
export interface Output { name: string; before: string[]; model: string[]; program?: string[]; differ: number[] }
export interface Layer {
  tokens: string[]; layer: number; heads: HeadAtWork[]; neurons: Neuron[]; active: number; held: Held[]; stages: number[][];
  outputs: Output[]; where: { name: string; is?: string; in?: string }[]; fault?: string; outside?: string;
  left: { positions: number; heads: number; neurons: number; sops: number };
}

export type Draw = (layer: Layer, session: Session) => HTMLElement | null;

// work asks for the layer, and has each part draw it.
export function work(session: Session, above: Draw, parts: { title: string; about: string; draw: Draw }[]): Part {
  const layers = h("div", { class: "row steps", role: "group", "aria-label": "Layer" });
  const tokens = h("div", { class: "row steps", role: "group", "aria-label": "Position" });
  const outputs = h("div"), fault = h("div"), more = h("p", { class: "quiet" });
  const boxes = parts.map(p => h("section", {}, h("h3", {}, p.title), h("p", { class: "quiet about" }, p.about), h("div")));
  const element = h("section", { class: "work", hidden: true }, fault, outputs, layers, tokens, more, ...boxes);

  const asked = live<Layer>({
    ask: signal => call<Layer>("trace", { ...session.at(), layer: session.layer, position: session.position }, { signal, heavy: true }),
    got: layer => draw(layer),
    failed: error => { showFault(fault, error); fill(outputs); fill(more); for (const box of boxes) fill(box.lastElementChild!); },
    busy: on => element.classList.toggle("old", on),
  });

  const step = (list: HTMLElement, names: string[], at: number, go: (i: number) => void) => {
    const focused = list.contains(document.activeElement);
    fill(list, ...names.map((name, i) => h("button", {
      type: "button", class: "small", "aria-pressed": String(i === at), tabIndex: i === at ? 0 : -1, onclick: () => go(i),
      onkeydown: (event: KeyboardEvent) => {
        const by = ({ ArrowRight: 1, ArrowLeft: -1 } as Record<string, number>)[event.key];
        if (!by || i + by < 0 || i + by >= names.length) return;
        event.preventDefault();
        go(i + by);
      },
    }, name)));
    if (focused) (list.children[at] as HTMLElement | undefined)?.focus();
  };

  function draw(layer: Layer) {
    const made = session.made;
    if (!made) return;
    fill(fault, ...(layer.fault ? [h("p", { class: "warm" }, `The program fails on this input: ${layer.fault}`)] : []));
    fill(outputs, above(layer, session));
    step(layers, ["embedding", ...made.parts.map((_, i) => `layer ${i}`)], layer.layer + 1, i => session.look(i - 1, session.position));
    step(tokens, layer.tokens.map((t, i) => `${i} ${t}`), session.position, i => session.look(session.layer, i));
    fill(more, layer.left.positions > 0 ? `The first ${layer.tokens.length} positions; ${layer.left.positions} more are not shown.` : null);
    parts.forEach((p, i) => {
      const drawn = p.draw(layer, session);
      boxes[i]!.hidden = drawn === null;
      fill(boxes[i]!.lastElementChild!, drawn);
    });
  }

  session.on(moment => {
    element.hidden = !session.made;
    if (!session.made) return;
    if (moment === "made") {
      session.layer = Math.min(session.layer, session.made.parts.length - 1);
      if (session.layer < 0 && session.made.parts.length > 0) session.layer = 0;
    }
    if (moment === "made" || moment === "input") session.position = 0;
    if (moment !== "busy" && moment !== "refused") asked.again();
  });
  return { element };
}

// outputs is what the model shows, beside the program and beside what it showed before changes.
export function outputs(layer: Layer, session: Session): HTMLElement {
  const changed = session.store.state.changes.length > 0;
  const head = h("tr", {}, h("td"), ...layer.tokens.map((t, i) => h("th", { scope: "col", class: "number" }, `${i} ${t}`)));
  const row = (title: string, values: string[], wrong: number[]) => h("tr", {}, h("th", { scope: "row" }, title), ...values.slice(0, layer.tokens.length).map((v, i) => h("td", { class: wrong.includes(i) ? "number differs" : "number" }, v)));
  const tables = layer.outputs.map(o => h("table", { class: "outputs", "data-output": o.name }, h("caption", { class: "unseen" }, `Output ${o.name}`), h("thead", {}, head.cloneNode(true)), h("tbody", {},
    row(`${o.name}: model`, o.model, o.differ),
    changed ? row("before the changes", o.before, []) : null,
    o.program && (changed || o.differ.length > 0) ? row("program", o.program, []) : null)));
  const wrong = layer.outputs.reduce((sum, o) => sum + o.differ.length, 0);
  const verdict = layer.outputs.some(o => o.program) ? h("p", { class: wrong ? "bad verdict" : "good verdict" }, wrong ? `Model and program differ at ${wrong} ${wrong === 1 ? "position" : "positions"}.` : "Model and program agree.") : null;
  const outside = layer.outside ? h("p", { class: "warm" }, `Nothing is promised of this: ${layer.outside}.`) : null;
  return h("div", { class: "wide" }, ...tables, verdict, outside);
}
