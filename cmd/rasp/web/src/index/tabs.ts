// Views behind tabs, of which one is open.

import { fill, h } from "../lib/dom";
import type { View } from "./model/view";
import type { Store } from "./store";

export interface Tab { name: string; title: string; view: View }

export function tabs(bar: Element, panels: Element, list: Tab[], store: Store) {
  let open: Tab | null = null;
  const buttons = list.map(t => h("button", {
    type: "button", role: "tab", id: `tab-${t.name}`, "aria-controls": `view-${t.name}`, onclick: () => store.set({ view: t.name }), onkeydown: (event: KeyboardEvent) => walk(event),
  }, t.title));
  fill(bar, ...buttons);
  fill(panels, ...list.map(t => h("div", { role: "tabpanel", id: `view-${t.name}`, "aria-labelledby": `tab-${t.name}`, tabIndex: 0 }, t.view.element)));

  const walk = (event: KeyboardEvent) => {
    const step = ({ ArrowRight: 1, ArrowLeft: -1 } as Record<string, number>)[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (list.findIndex(t => t === open) + step + list.length) % list.length;
    store.set({ view: list[at]!.name });
    buttons[at]!.focus();
  };
  const show = (name: string) => {
    const wanted = list.find(t => t.name === name) ?? list[0]!;
    list.forEach((t, i) => {
      buttons[i]!.setAttribute("aria-selected", String(t === wanted));
      buttons[i]!.tabIndex = t === wanted ? 0 : -1;
      (panels.children[i] as HTMLElement).hidden = t !== wanted;
    });
    if (open === wanted) return;
    open?.view.hide();
    open = wanted;
    open.view.show();
  };
  store.on((state, changed) => { if (changed.has("view")) show(state.view); });
  return { show };
}
