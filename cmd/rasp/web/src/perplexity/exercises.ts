// Exercises; their answers are what the engine computes.

import { call } from "../lib/engine";
import { fill, get, number } from "../lib/dom";
import { amount } from "../lib/controls";
import { exercise } from "../lib/exercise";
import type { Learned, Told } from "./learn";
import type { Floor } from "./floor";
import type { Page } from "./page";

export function exercises(page: Page, learnt: Told<Learned>, source: Told<Floor>) {
  fill(get("exercise-bits"), exercise({
    question: "A model gave the four letters of “boat” the probabilities 1/2, 1/4, 1/8 and 1/8. What is its perplexity on this word?",
    hint: "Add up 1, 2, 3 and 3 bits, take the mean, and raise 2 to it.",
    check: async answer => {
      // 7, 3, 1 and 1 of 8 chips, one more on each of 8 letters from the start: 8, 4, 2 and 2 sixteenths.
      const s = await call<{ mean: number; perplexity: number }>("perplexity.bets", { alphabet: 8, k: 1, placed: [8, 8, 8, 8], right: [7, 3, 1, 1] });
      const right = Math.abs(amount(answer) - s.perplexity) < 0.01 * s.perplexity;
      return { right, say: `${number(s.mean, 4)} bits a letter` + (right ? `: perplexity ${number(s.perplexity, 4)}.` : " are right; now 2 to that power.") };
    },
  }));
  fill(get("exercise-learn"), exercise({
    question: "With the text and smoothing above: which order has the lowest perplexity on the lines kept aside?",
    hint: "Move the order, or open the table.",
    check: async answer => {
      const models = (learnt.value ?? await call<Learned>("perplexity.learn", page.learning())).models;
      const best = models.reduce((a, b) => (b.test.bits ?? Infinity) < (a.test.bits ?? Infinity) ? b : a);
      const yours = models[amount(answer) - 1];
      if (!yours) return { right: false, say: "The orders are 1 to 5." };
      return yours === best
        ? { right: true, say: `${number(best.test.perplexity ?? Infinity, 4)}. On the lines it learnt from it has ${number(best.train.perplexity ?? Infinity, 4)}.` }
        : { right: false, say: `Order ${yours.order} has ${number(yours.test.perplexity ?? Infinity, 4)}; another has less.` };
    },
  }));
  fill(get("exercise-floor"), exercise({
    question: "For the source as it stands: what is the shortest n-gram that comes within 0.1 bit of the floor on the new text? Answer 0 if none of the five does.",
    hint: "An n-gram sees n−1 letters back. And it must have seen enough of them.",
    check: async answer => {
      const f = source.value;
      if (!f) throw new Error("the source is still being drawn");
      const first = f.models.find(m => (m.test.bits ?? Infinity) < f.entropy + 0.1)?.order ?? 0;
      const right = amount(answer) === first;
      return { right, say: right ? (first ? `The ${first}-gram has ${number(f.models[first - 1]!.test.bits!, 4)} bits, the floor is ${number(f.entropy, 4)}.` : `The best of them has ${number(Math.min(...f.models.map(m => m.test.bits ?? Infinity)), 4)} bits, the floor is ${number(f.entropy, 4)}.`) : "Look where the curve of the new text meets the green line." };
    },
  }));
}
