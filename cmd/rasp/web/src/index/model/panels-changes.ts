// The changes of a model: what is different from what was compiled, and what comes of it.

import { fill, h } from "../../lib/dom";
import type { Change } from "../store";
import { panel } from "./panels";
import type { Part, Session } from "./session";

export function changes(session: Session): Part {
  const list = h("ul", { class: "changes" });
  const part = h("select", { "aria-label": "Head to take away" });
  const how = h("select", { "aria-label": "What stands in its place" }, h("option", { value: "zero" }, "zero"), h("option", { value: "mean" }, "its mean over the positions"));
  const sharpness = h("input", { type: "number", min: 0, max: 1000, step: "any", value: "0.1", size: 6, "aria-label": "Sharpness" });
  const sop = h("select", { "aria-label": "S-op to set", onchange: () => values() }), value = h("select", { "aria-label": "Value" });
  const position = h("input", { type: "number", min: 0, value: "0", size: 4, "aria-label": "Position" });
  const add = (title: string, make: () => Change) => h("button", { type: "button", class: "small", onclick: () => session.change(make()) }, title);
  const values = () => fill(value, ...(session.made?.sops.find(s => s.name === sop.value)?.values ?? []).map(v => h("option", { value: v }, v)));
  const setting = h("div", { class: "row" }, h("span", {}, "Set"), sop, h("span", {}, "at"), position, h("span", {}, "to"), value, add("Set", () => ({ kind: "set", sop: sop.value, position: Number(position.value), value: value.value })));
  const box = panel("changes", "Changes", "Take a head away, set a value, or change a weight above: the outputs say what depends on it.",
    list,
    h("div", { class: "row" }, h("span", {}, "Take away head"), part, how, add("Ablate", () => ({ kind: "ablate", part: part.value, how: how.value }))),
    setting,
    h("div", { class: "row" }, h("span", {}, "Multiply all scores by"), sharpness, add("Sharpen", () => ({ kind: "sharpness", by: Number(sharpness.value) }))));
  const draw = () => {
    const all = session.store.state.changes;
    fill(list, ...all.map((c, i) => h("li", {}, h("span", {}, said(c)), h("button", { type: "button", class: "small", "aria-label": `Undo: ${said(c)}`, onclick: () => session.undo(i) }, "Undo"))),
      all.length > 1 ? h("li", {}, h("button", { type: "button", class: "small", onclick: () => session.store.set({ changes: [] }) }, "Undo all")) : null);
    if (all.length > 0) box.open = true;
  };
  session.store.on((_, changed) => { if (changed.has("changes")) draw(); });
  session.on(moment => {
    if (moment !== "made") return;
    fill(part, ...session.made!.parts.flatMap((heads, l) => heads.map(p => h("option", { value: `${l}.${p.head}` }, `${l}.${p.head} ${p.name}`))));
    const settable = session.made!.sops.filter(s => s.held && s.values.length > 0);
    fill(sop, ...settable.map(s => h("option", { value: s.name }, s.name)));
    setting.hidden = settable.length === 0;
    values();
    draw();
  });
  return { element: box };
}

// said is a change in words.
function said(c: Change): string {
  switch (c.kind) {
    case "ablate": return `head ${c.part} is ${c.how === "mean" ? "its mean" : "zero"}`;
    case "set": return `${c.sop} at ${c.position ?? 0} is ${c.value}`;
    case "weight": return `${c.tensor}, element ${c.index ?? 0}, is ${c.weight ?? 0}`;
    case "sharpness": return `scores times ${c.by ?? 0}`;
  }
  return String(c.kind);
}
