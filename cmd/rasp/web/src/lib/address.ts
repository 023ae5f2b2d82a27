// A page's state in its address, kept as it moves and found again when it opens.

import { pack, unpack } from "./state";

// remembered is a fresh state with what the address has of it.
export async function remembered<T extends object>(fresh: T): Promise<T> {
  addEventListener("hashchange", () => location.reload()); // a link to the page itself
  const state = { ...fresh };
  const kept = await unpack<Partial<T>>(location.hash).catch(() => null);
  for (const key of Object.keys(fresh) as (keyof T)[]) {
    const value = kept?.[key];
    if (value !== undefined && value !== null && typeof value === typeof fresh[key] && Array.isArray(value) === Array.isArray(fresh[key])) state[key] = value as T[keyof T];
  }
  return state;
}

let waiting = 0;

// remember puts a state into the address, once it has come to rest.
export function remember(state: object) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => history.replaceState(null, "", await pack(state)), 250) as unknown as number;
}
