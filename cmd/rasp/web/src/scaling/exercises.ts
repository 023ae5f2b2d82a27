// Exercises; their answers are what the engine computes.

import { call } from "../lib/engine";
import { fill, get, number } from "../lib/dom";
import { exercise } from "../lib/exercise";
import { amount } from "../lib/controls";
import type { Advice } from "./budget";
import type { Fitted } from "./fit";
import { size } from "./numbers";
import type { Page } from "./page";

const within = (x: number, right: number, part: number) => Math.abs(x - right) <= part * right;

export function exercises(page: Page) {
  fill(get("exercise-budget"),
    exercise({
      question: "You have 10 times the budget. How many times larger should the model be?",
      hint: "Move the budget by one power of ten and look at N, or take 10 to the power β/(α+β).",
      check: async answer => {
        const [a, b] = await Promise.all([1e23, 1e24].map(flops => call<Advice>("scaling.plan", { ...page.law(), flops })));
        const right = b!.optimal.parameters / a!.optimal.parameters;
        return within(amount(answer), right, 0.05)
          ? { right: true, say: `${number(right, 3)} times, and as much again in data: ${number(b!.optimal.tokens / a!.optimal.tokens, 3)} times.` }
          : { right: false, say: amount(answer) > 9 ? "Then nothing of it would be left for more data." : "Compare N at 1e23 and at 1e24." };
      },
    }),
    exercise({
      question: "A model of 1 billion parameters should reach a loss of 2.3. How many training tokens does it need?",
      hint: "Section 1 has N and D as sliders. You may write 5e11, 500 B or 0.5 T.",
      check: async answer => {
        const { d } = await call<{ d: number | null }>("scaling.need", { ...page.law(), n: 1e9, loss: 2.3 });
        if (d === null) return { right: answer === "∞" || answer.toLowerCase() === "none", say: "By this law no number of tokens is enough." };
        return within(amount(answer), d, 0.15)
          ? { right: true, say: `${size(d)}, to be exact: ${number(d / 1e9, 3)} tokens for each parameter.` }
          : { right: false, say: amount(answer) < d ? "That teaches it too little." : "Less is enough." };
      },
    }));
  fill(get("exercise-life"), exercise({
    question: "For the budget and the use as they stand: by what factor is the cheapest model over its life smaller than the one that is best to train?",
    hint: "Divide the two numbers of parameters in the table.",
    check: async answer => {
      const a = await call<Advice>("scaling.plan", { ...page.law(), flops: Number((10 ** page.state.flops).toPrecision(6)), inference: Number((10 ** page.state.inference).toPrecision(6)) });
      const right = a.optimal.parameters / a.lifetime!.parameters;
      return within(amount(answer), right, 0.05)
        ? { right: true, say: `${number(right, 3)} times smaller, and ${number(a.optimal.total_flops / a.lifetime!.total_flops, 3)} times cheaper in all.` }
        : { right: false, say: "Look at the column of parameters: the upper through the lower." };
    },
  }));
  fill(get("exercise-fit"), exercise({
    question: "Leave out the five runs of highest loss. How many tokens a parameter does the law of the rest want at 5.76e23 FLOPs?",
    hint: "Move the slider to 5. How much that number moves says how much it hung on five runs.",
    check: async answer => {
      if (!page.csv) throw new Error("there are no runs to fit");
      const f = await call<Fitted>("scaling.fit", { csv: page.csv, objective: page.state.objective, drop: 5, leave: [] }, { heavy: true });
      return within(amount(answer), f.ratio, 0.03)
        ? { right: true, say: `${f.ratio.toFixed(1)}. Hoffmann et al. trained Chinchilla with 20.` }
        : { right: false, say: "The last row of the table has it." };
    },
  }));
}
