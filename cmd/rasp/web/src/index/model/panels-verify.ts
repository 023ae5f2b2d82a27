// Verification: model against interpreter, a part of the inputs at a time.

import { fill, h, number } from "../../lib/dom";
import { call } from "../../lib/engine";
import { showFault } from "../../lib/shell";
import { panel } from "./panels";
import type { Part, Session } from "./session";

interface Verified {
  done: number; total: number; exhaustive: boolean; all_up_to: number; faulted: number;
  counterexample?: { text: string; output: string; position: number; interpreter: unknown[]; model: unknown[] };
}

const samples = 10_000, most = 500; // inputs where there are too many for all; of a request

const changed = new Error("the model is another one");

export function verify(session: Session): Part {
  const bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": "Inputs compared" }), verdict = h("div", { "aria-live": "polite" });
  let running: AbortController | null = null;
  const button = h("button", { type: "button", class: "main", onclick: () => void (running ? running.abort() : run()) }, "Verify");

  async function run() {
    const mine = running = new AbortController();
    button.textContent = "Stop";
    fill(verdict);
    bar.hidden = false;
    bar.value = 0;
    try {
      let from = 0, faulted = 0, v: Verified;
      do {
        v = await call<Verified>("verify", { program: session.program(), changes: session.store.state.changes.filter(c => c.kind === "weight" || c.kind === "sharpness"), from, most, samples }, { signal: mine.signal, heavy: true });
        from = v.done;
        faulted += v.faulted;
        bar.max = v.total;
        bar.value = v.done;
      } while (!v.counterexample && v.done < v.total);
      say(v, faulted);
    } catch (error) {
      if (mine.signal.reason === changed) return; // what was compared is no longer asked for
      if (mine.signal.aborted) fill(verdict, h("p", {}, `Stopped after ${number(bar.value)} inputs: no difference up to there.`));
      else showFault(verdict, error);
    } finally {
      running = null;
      button.textContent = "Verify";
      bar.hidden = true;
    }
  }

  function say(v: Verified, faulted: number) {
    const c = v.counterexample;
    if (!c) {
      fill(verdict, h("p", { class: "good" }, v.exhaustive ? `Equal on all ${number(v.total)} inputs.` : `Equal on ${number(v.total)} inputs: all up to length ${v.all_up_to}, the others at random.`,
        faulted ? ` On ${number(faulted)} of them the program itself fails.` : ""));
      return;
    }
    const list = (values: unknown[]) => `[${values.map(x => typeof x === "string" ? x : JSON.stringify(x)).join(", ")}]`;
    fill(verdict, h("p", { class: "bad" }, `Different on input ${number(v.done)} of ${number(v.total)}: ${c.output}(${c.text}) at position ${c.position}.`),
      h("table", {}, h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "interpreter"), h("td", {}, h("code", {}, list(c.interpreter)))), h("tr", {}, h("th", { scope: "row" }, "model"), h("td", {}, h("code", {}, list(c.model)))))),
      h("button", { type: "button", class: "small", onclick: () => session.store.set({ input: c.text }) }, "Take it as the input"));
  }

  const box = panel("verify", "Verify", "Runs model and interpreter side by side, as rasp verify does: on all inputs where they are few, else on short ones and random ones. Changed weights count; what is set or taken away does not.",
    h("div", { class: "row" }, button), bar, verdict);
  session.on(moment => { if (moment === "made" || moment === "refused" || moment === "changes") { running?.abort(changed); fill(verdict); } });
  return { element: box };
}
