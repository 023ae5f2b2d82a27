// The worker of a page without a server: it runs rasp.wasm and passes requests on.

declare class Go { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> }
declare const raspCall: (request: string) => string;

importScripts("wasm_exec.js");

async function start() {
  const go = new Go();
  const response = await fetch("rasp.wasm");
  if (!response.ok) throw new Error(`rasp.wasm: ${response.status}`);
  const { instance } = response.headers.get("Content-Type") === "application/wasm"
    ? await WebAssembly.instantiateStreaming(response, go.importObject)
    : await WebAssembly.instantiate(await response.arrayBuffer(), go.importObject);
  void go.run(instance); // ends only with the worker
}

const started = start();
onmessage = async ({ data }: MessageEvent<{ id: number; request: string }>) => {
  try {
    await started;
    postMessage({ id: data.id, answer: raspCall(data.request) });
  } catch (error) {
    postMessage({ id: data.id, fault: String(error) });
  }
};
