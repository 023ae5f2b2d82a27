// The link: the address holds the state of the page.

import { pack, unpack } from "../lib/state";
import { fresh, type State, type Store } from "./store";

const pause = 300; // milliseconds after the last change, until the address has it

// follow keeps the address up to date, and opens the link that somebody puts there. A state
// that is just as a page begins needs no address.
export function follow(store: Store, opened: () => void) {
  let timer = 0;
  const write = async () => {
    const mine = timer, address = await pack(store.state);
    if (mine === timer) history.replaceState(null, "", address);
  };
  store.on(() => { clearTimeout(timer); timer = window.setTimeout(() => void write(), pause); });
  addEventListener("hashchange", async () => {
    clearTimeout(timer);
    timer = 0;
    const state = await read();
    if (state) { store.set(state); opened(); }
  });
}

// read is the state of the address; null if it has none, or none that can be read.
export async function read(): Promise<State | null> {
  try {
    const state = await unpack<Partial<State>>(location.hash);
    return state && sound(state) ? { ...fresh, ...state } : null;
  } catch { return null; }
}

// sound: a link may come from anybody.
function sound(state: Partial<State>): boolean {
  return Object.entries(state).every(([k, v]) => k in fresh && typeof v === typeof fresh[k as keyof State] && Array.isArray(v) === Array.isArray(fresh[k as keyof State]));
}

// link to the state as it is.
export const link = async (store: Store) => location.href.split("#")[0] + await pack(store.state);
