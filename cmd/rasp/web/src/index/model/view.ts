// The compiled model of the playground's program.

import { h } from "../../lib/dom";
import type { Store } from "../store";

// View is a tab of the playground; show is called when it is opened, hide when it is left.
export interface View { element: HTMLElement; show(): void; hide(): void }

export function modelView(_store: Store): View {
  return { element: h("div"), show() {}, hide() {} };
}
