// Exercises with a check: what somebody enters is compared with what the engine computes.

import { fill, h } from "./dom";
import { said } from "./shell";

export interface Exercise { question: string; hint?: string; unit?: string; check: (answer: string) => Promise<{ right: boolean; say: string }> }

// exercise is a question with a field for the answer; says whether it is right.
export function exercise(e: Exercise): HTMLElement {
  const verdict = h("p", { "aria-live": "polite" });
  const input = h("input", { type: "text", size: 12, autocomplete: "off", "aria-label": "Your answer" });
  const form = h("form", {
    class: "row", onsubmit: async (event: Event) => {
      event.preventDefault();
      try {
        const { right, say } = await e.check(input.value.trim());
        verdict.className = right ? "good" : "bad";
        fill(verdict, (right ? "✓ " : "✗ ") + say);
      } catch (error) { fill(verdict, said(error)); }
    },
  }, input, e.unit ?? null, h("button", { type: "submit" }, "Check"), e.hint ? h("details", {}, h("summary", {}, "Hint"), e.hint) : null);
  return h("section", { class: "panel exercise" }, h("p", {}, e.question), form, verdict);
}
