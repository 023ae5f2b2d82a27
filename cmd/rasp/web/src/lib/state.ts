// The state of a page in its address: #v1. and JSON, deflated, in the alphabet of base64url.
// A link holds all of it, and nothing is sent to a server.

const version = "#v1.";
const longest = 1 << 20; // of JSON, in bytes: a short link could unpack to very much

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const piece = stream.writable.getWriter();
  void piece.write(bytes as unknown as BufferSource).then(() => piece.close()).catch(() => {});
  const parts: Uint8Array[] = [];
  let length = 0;
  const from = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (;;) {
    const { done, value } = await from.read();
    if (done) break;
    parts.push(value);
    if ((length += value.length) > longest) { await from.cancel(); throw new Error("the link holds too much"); }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

// pack makes the fragment of an address of a state.
export async function pack(state: object): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  let text = "";
  for (const b of bytes) text += String.fromCharCode(b);
  return version + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// unpack is the state of a fragment; null where it has none.
export async function unpack<T>(fragment: string): Promise<T | null> {
  if (!fragment.startsWith(version)) return null;
  const text = atob(fragment.slice(version.length).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, c => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")))) as T;
}
