// Models that predict: what comes next, and texts.

import { fill, h, number, slider } from "../../lib/dom";
import { call } from "../../lib/engine";
import { bars } from "../../lib/figure";
import { showFault } from "../../lib/shell";
import { live } from "../live";
import { panel } from "./panels";
import type { Part, Session } from "./session";

interface Distribution { entropy_bits: number; next: { token: string; probability: number; bits: number }[]; more: number; impossible: number }
interface Generated { text: string; end: string }

const ends: Record<string, string> = { stop: "The model ended the text.", length: "The text is as long as the model takes.", tokens: "" };

export function next(session: Session): Part {
  let temperature = 1;
  const chances = h("div", { class: "wide" }), written = h("div", { "aria-live": "polite" });
  const seed = h("input", { type: "number", min: 0, value: "1", size: 6, "aria-label": "Seed" }), most = h("input", { type: "number", min: 0, max: 500, value: "40", size: 5, "aria-label": "Tokens" });
  const edits = () => session.store.state.changes.filter(c => c.kind === "weight" || c.kind === "sharpness");
  const asked = live<Distribution>({
    ask: signal => call<Distribution>("next", { program: session.program(), changes: edits(), text: session.store.state.input, temperature, top: 12 }, { signal, heavy: true }),
    got: d => fill(chances, bars(d.next.map(c => ({ name: c.token, share: c.probability, text: `${number(c.probability, 3)} (${number(c.bits, 3)} bits)` })), "Probabilities of the next token"),
      h("p", { class: "quiet" }, `Entropy ${number(d.entropy_bits)} bits.${d.more ? ` ${d.more} more tokens may come.` : ""}${d.impossible ? ` ${d.impossible} cannot.` : ""}`)),
    failed: error => showFault(chances, error), busy: () => {},
  });
  const write = live<Generated>({
    ask: signal => call<Generated>("generate", { program: session.program(), changes: edits(), text: session.store.state.input, tokens: Number(most.value), temperature, seed: Number(seed.value) }, { signal, heavy: true }),
    got: g => fill(written, h("p", { class: "written" }, g.text), ends[g.end] ? h("p", { class: "quiet" }, ends[g.end]) : null),
    failed: error => showFault(written, error), busy: () => {},
  });
  const box = panel("next", "Next and write", "What the model expects after the input, and a text that it writes from there. At temperature 0 the likeliest token is always taken; the same seed writes the same text.",
    slider({ label: "Temperature", min: 0, max: 3, step: 0.05, value: 1, show: x => x.toFixed(2), change: x => { temperature = x; asked.again(); } }),
    chances,
    h("div", { class: "row" }, h("label", {}, "seed ", seed), h("label", {}, "tokens ", most), h("button", { type: "button", onclick: () => write.again() }, "Write")),
    written);
  session.on(moment => {
    box.hidden = !session.made?.predicts;
    if (box.hidden || moment === "place" || moment === "busy") return;
    if (moment === "made") box.open = true;
    fill(written);
    asked.again();
  });
  return { element: box };
}
