// The compiled model of the playground's program.

import { h } from "../../lib/dom";
import type { Store } from "../store";
import { panels } from "./panels";
import { Session } from "./session";

// View is a tab of the playground; show is called when it is opened, hide when it is left.
export interface View { element: HTMLElement; show(): void; hide(): void }

export function modelView(store: Store): View {
  const session = new Session(store);
  return { element: h("div", {}, panels(session).element), show: () => session.show(), hide: () => session.hide() };
}
