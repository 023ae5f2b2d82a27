// Files of the model, as the command line writes them.

import { fill, h } from "../../lib/dom";
import { call } from "../../lib/engine";
import { said } from "../../lib/shell";
import { save } from "../download";
import { panel } from "./panels";
import type { Part, Session } from "./session";

interface File { name: string; type: string; content: string }

const kinds = [
  ["model", "Model (.safetensors)"], ["names", "Names of its parts (.json)"], ["trace", "At work on the input (.json)"],
  ["svg", "Picture (.svg)"], ["html", "Page with sliders (.html)"],
] as const;

export function files(session: Session): Part {
  const status = h("p", { class: "quiet", "aria-live": "polite" });
  const button = (kind: string, title: string) => h("button", {
    type: "button", "data-file": kind, onclick: async () => {
      fill(status, "making it…");
      try {
        const f = await call<File>("download", { program: session.program(), input: session.store.state.input, kind }, { heavy: true });
        save(f.name, new Blob([Uint8Array.from(atob(f.content), c => c.charCodeAt(0))], { type: f.type }));
        fill(status, `${f.name} is made.`);
      } catch (error) { fill(status, said(error)); }
    },
  }, title);
  return { element: panel("files", "Downloads", "The same bytes as the command line writes: rasp compile, rasp info --json, rasp trace --json, rasp draw. Changes are in none of them.",
    h("div", { class: "row" }, ...kinds.map(([kind, title]) => button(kind, title))), status) };
}
