// What is done with a model: changes, verification, what comes next, the circuit, files. Each
// is a part of its own.

import { h } from "../../lib/dom";
import { changes } from "./panels-changes";
import { circuit } from "./panels-circuit";
import { files } from "./panels-files";
import { next } from "./panels-next";
import { verify } from "./panels-verify";
import type { Part, Session } from "./session";

export function panels(session: Session): Part {
  const element = h("div", { hidden: true }, ...[changes, verify, next, circuit, files].map(part => part(session).element));
  session.on(() => { element.hidden = !session.made; });
  return { element };
}

// panel is a part that opens; about says what one learns from it.
export function panel(name: string, title: string, about: string, ...children: (Node | null)[]): HTMLDetailsElement {
  return h("details", { class: "panel", id: `panel-${name}` }, h("summary", {}, title), h("p", { class: "quiet about" }, about), ...children);
}
