// What the model is: its sizes, and what is promised of it; or why there is none.

import { fill, h, number } from "../../lib/dom";
import { showFault } from "../../lib/shell";
import type { Part, Session } from "./session";

const shown: [string, string][] = [["layers", "layers"], ["heads", "heads a layer"], ["d_model", "d_model"], ["d_head", "d_head"], ["d_mlp", "d_mlp"], ["parameters", "parameters"], ["nonzero", "of them not 0"]];

export function sizes(session: Session): Part {
  const numbers = h("div", { class: "numbers sizes" }), promise = h("p"), state = h("p", { class: "quiet", "aria-live": "polite" });
  const level = h("select", { "aria-label": "Level of optimization", onchange: () => session.store.set({ level: Number(level.value) }) },
    h("option", { value: "0" }, "0: one head for each selector"), h("option", { value: "1" }, "1: as rasp compile"), h("option", { value: "2" }, "2: as small as it is found"));
  const robust = h("input", { type: "checkbox", onchange: () => session.store.set({ robust: robust.checked }) });
  const options = () => { level.value = String(session.store.state.level); robust.checked = session.store.state.robust; };
  session.store.on(options);
  session.on(moment => {
    if (moment === "busy") fill(state, ...(session.computing ? ["compiling… ", h("button", { type: "button", class: "small", onclick: () => session.cancel() }, "Cancel")] : []));
    if (moment === "refused") { fill(numbers); showFault(promise, session.refused); }
    if (moment !== "made") return;
    const made = session.made!;
    fill(numbers, ...shown.map(([field, title]) => h("div", { "data-size": field }, h("b", {}, number(Number(made[field]))), title)));
    fill(promise, "Certificate: ", h("strong", {}, String(made.certificate)), ".", ...made.warnings.map(w => h("span", { class: "warm" }, " ", w.message)));
  });
  options();
  return { element: h("section", {}, h("div", { class: "row choices" }, h("label", {}, "level ", level), h("label", {}, robust, "stands noise (robust)")), state, numbers, promise) };
}
