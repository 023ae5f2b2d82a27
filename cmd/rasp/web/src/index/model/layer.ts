// What else a layer has: neurons, what is held once it is done, the residual stream.

import { h, number } from "../../lib/dom";
import { pointing } from "./heads";
import type { Session } from "./session";
import type { Layer } from "./work";

export function neurons(layer: Layer, session: Session): HTMLElement | null {
  if (layer.layer < 0) return null;
  const largest = layer.neurons.reduce((m, n) => Math.max(m, Math.abs(n.active[session.position] ?? 0)), 0) || 1;
  return h("div", {},
    h("p", {}, `${layer.neurons.length + layer.left.neurons} of ${layer.active} neurons that are active on this input are so at position ${session.position}.`),
    h("div", { class: "wide" }, h("table", { class: "neurons" }, h("tbody", {}, ...layer.neurons.map(n => {
      const x = n.active[session.position] ?? 0;
      return h("tr", { "data-neuron": n.neuron, ...pointing(session, n.line) },
        h("th", { scope: "row" }, `${n.neuron} `, h("code", {}, n.name)),
        h("td", { class: "number" }, number(x)),
        h("td", {}, h("span", { class: "bar", style: `width:${(100 * Math.abs(x) / largest).toFixed(1)}px` })),
        h("td", { class: "quiet" }, n.writes.length ? `writes ${n.writes.slice(0, 4).join(", ")}${n.writes.length > 4 ? "…" : ""}` : ""));
    })))),
    layer.left.neurons > 0 ? h("p", { class: "quiet" }, `${layer.left.neurons} more are not shown.`) : null);
}

export function held(layer: Layer, session: Session): HTMLElement {
  const settable = new Map(session.made!.sops.map(s => [s.name, s]));
  const head = h("tr", {}, h("td"), ...layer.tokens.map((t, i) => h("th", { scope: "col", class: i === session.position ? "number now" : "number" }, `${i} ${t}`)));
  return h("div", { class: "wide" },
    layer.held.length === 0 ? h("p", {}, "No s-op is complete after this layer that was not before.") : null,
    h("table", { class: "held" }, h("thead", {}, layer.held.length ? head : null), h("tbody", {}, ...layer.held.map(s => h("tr", { "data-sop": s.sop, tabIndex: 0, ...pointing(session, s.line) },
      h("th", { scope: "row", title: s.is ?? "" }, h("code", {}, s.sop)),
      ...s.model.map((v, i) => h("td", { class: s.differ.includes(i) ? "number differs" : "number", title: s.differ.includes(i) && s.program ? `the program says ${s.program[i]}` : "" }, v)),
      h("td", {}, setter(session, s.sop, settable.get(s.sop)?.held ? settable.get(s.sop)!.values : [])))))));
}

// setter sets an s-op to another value at the position that is looked at.
function setter(session: Session, sop: string, values: string[]): HTMLElement | null {
  if (values.length === 0) return null;
  const choice = h("select", {
    "aria-label": `Set ${sop} at position ${session.position}`, onchange: () => {
      if (choice.value) session.change({ kind: "set", sop, position: session.position, value: choice.value });
    },
  }, h("option", { value: "" }, "set…"), ...values.map(v => h("option", { value: v }, v)));
  return choice;
}

interface Stream { stages: string[]; dims: { dim: number; name: string; kind: string; line?: number; writes: string[][] | null; reads: string[][] | null }[]; left: number }

export function stream(layer: Layer, session: Session): HTMLElement {
  const s = session.made!.stream as Stream;
  const largest = layer.stages.flat().reduce((m, x) => Math.max(m, Math.abs(x)), 0) || 1;
  const stages = layer.stages.map((_, i) => i === 0 ? "embed" : i % 2 ? `attn ${(i - 1) / 2}` : `mlp ${i / 2 - 1}`);
  return h("div", { class: "wide" },
    h("table", { class: "weights stream" }, h("thead", {}, h("tr", {}, h("td"), ...stages.map(x => h("th", { scope: "col", class: "number" }, x)), h("th", { scope: "col" }, "written by"), h("th", { scope: "col" }, "read by"))),
      h("tbody", {}, ...s.dims.filter(d => d.dim < (layer.stages[0]?.length ?? 0)).map(d => h("tr", { "data-dim": d.dim, tabIndex: 0, ...pointing(session, d.line) },
        h("th", { scope: "row" }, `${d.dim} `, h("code", {}, d.name)),
        ...layer.stages.map(row => h("td", { class: "number cell", style: `--share:${(Math.abs(row[d.dim]!) / largest).toFixed(3)}` }, row[d.dim] === 0 ? "" : number(row[d.dim]!, 3))),
        h("td", { class: "quiet" }, words(d.writes)), h("td", { class: "quiet" }, words(d.reads)))))),
    s.left > 0 ? h("p", { class: "quiet" }, `${s.left} more dimensions are not shown.`) : null);
}

// words are what is said of all stages, each once.
const words = (list: string[][] | null) => [...new Set((list ?? []).flatMap(x => x ?? []))].slice(0, 6).join(", ");
