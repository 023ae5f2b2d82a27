// The circuit: which part of the model reads what of which other.

import { fill, h, number } from "../../lib/dom";
import { call } from "../../lib/engine";
import { showFault } from "../../lib/shell";
import { live } from "../live";
import { panel } from "./panels";
import type { Part, Session } from "./session";

interface Circuit { svg: string; pairs: number; edges: number }

export function circuit(session: Session): Part {
  const paper = h("div", { class: "paper", tabIndex: 0, role: "region", "aria-label": "Picture of the circuit" }), about = h("p", { class: "quiet", "aria-live": "polite" });
  const asked = live<Circuit>({
    ask: signal => call<Circuit>("circuit", { program: session.program(), pairs: 100 }, { signal, heavy: true }),
    got: c => {
      fill(about, `${number(c.edges)} edges; ${number(c.pairs)} pairs of inputs were tried for which of them move an output.${c.svg ? "" : " They are too many to draw: rasp circuit lists them."}`);
      if (!c.svg) { fill(paper); return; }
      const picture = new DOMParser().parseFromString(c.svg, "image/svg+xml").documentElement;
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", `The circuit of the model: ${c.edges} edges`);
      fill(paper, document.importNode(picture, true));
    },
    failed: error => { fill(about); showFault(paper, error); },
    busy: on => { if (on) fill(about, "computing… ", h("button", { type: "button", class: "small", onclick: () => asked.cancel() }, "Cancel")); },
  });
  const box = panel("circuit", "Circuit", "The parts of the model that the output depends on, and what they hand to each other. It is known exactly, so it is what methods that look for circuits should find.", about, paper);
  box.addEventListener("toggle", () => { if (box.open) asked.again(); });
  session.on(moment => { if (moment === "made") { fill(about); fill(paper); if (box.open) asked.again(); } });
  return { element: box };
}
