// The bundled client against a stand-in for VS Code (vscode.cjs) and a server of the tests (server.cjs), and against
// `rasp lsp` itself where RASP names a program that has it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";

const require = createRequire(import.meta.url);
const Module = require("node:module");
const vscode = require("./vscode.cjs");
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("../dist/extension.js");
const { seen, settings, configuration, open, reset } = vscode.standIn;

const folder = mkdtempSync(join(tmpdir(), "rasp-client-"));
after(() => rmSync(folder, { recursive: true }));

/** A program of a few lines of shell. */
function program(name, body) {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const server = program("rasp", `if [ "$2" = --help ]; then exit 0; fi\nexec "${process.execPath}" "${resolve("test/server.cjs")}"`);
const url = "file:///program.rasp";

let context;
async function start(path) {
  settings.set("rasp.path", path);
  context = { subscriptions: [] };
  await extension.activate(context);
}
beforeEach(reset);
afterEach(async () => {
  await extension.deactivate();
  context.subscriptions.forEach((d) => d.dispose());
});

async function until(condition) {
  for (let i = 0; i < 1000 && !condition(); i++) await new Promise((done) => setTimeout(done, 10));
  assert.ok(condition(), `never: ${condition}`);
}

test("without the program there is one message, with a way to the setting", async () => {
  seen.answer = "Set the path";
  await start(join(folder, "missing"));
  assert.equal(seen.messages.length, 1);
  assert.match(seen.messages[0].text, /not found .*missing.*rasp\.path/s);
  await until(() => seen.executed.length > 0);
  assert.deepEqual(seen.executed, [["workbench.action.openSettings", "rasp.path"]]);
  await seen.commands.get("rasp.run")(url, "x");
  assert.match(seen.messages[1].text, /does not run/);
});

test("a program without a language server is named, with what it says", async () => {
  await start(program("old", 'echo "rasp: unknown command lsp" >&2; exit 2'));
  assert.match(seen.messages[0].text, /no language server.*unknown command lsp/);
});

test("what is no program is named", async () => {
  const path = join(folder, "text");
  writeFileSync(path, "x");
  await start(path);
  assert.match(seen.messages[0].text, /may not be run/);
});

test("faults of the server come to the editor", async () => {
  await start(server);
  await open(url, "x = 1;");
  await until(() => seen.diagnostics.has(url));
  const [fault] = seen.diagnostics.get(url);
  assert.equal(fault.message, "fault in x = 1;");
  assert.deepEqual([fault.range.start.character, fault.range.end.character], [1, 2]);
  for (const provider of ["registerHoverProvider", "registerDocumentFormattingEditProvider", "registerCodeLensProvider"]) {
    assert.ok(seen.providers.includes(provider), provider);
  }
});

test("text goes to the output channel; the server is told of commands", async () => {
  await start(server);
  await seen.commands.get("rasp.run")(url, "x");
  const line = seen.lines.find((l) => l.channel === "RASP results");
  assert.equal(line.text, `run\n${JSON.stringify({ options: { commands: true }, args: [url, "x"] })}\n`);
});

test("a command without arguments is about the output of the program in the editor", async () => {
  await start(server);
  vscode.window.activeTextEditor = { document: await open(url, "x = 1;") };
  await seen.commands.get("rasp.run")();
  assert.match(seen.lines.at(-1).text, /"args":\["file:\/\/\/program\.rasp",""\]/);
  vscode.window.activeTextEditor = undefined;
  await seen.commands.get("rasp.run")();
  assert.match(seen.messages.at(-1).text, /Open a RASP program/);
});

test("a picture stands beside the text, and nothing in it can run", async () => {
  await start(server);
  await seen.commands.get("rasp.draw")(url, "x");
  await seen.commands.get("rasp.draw")(url, "x");
  assert.equal(seen.panels.length, 1, "one panel for a title");
  const [panel] = seen.panels;
  assert.equal(panel.place.viewColumn, vscode.ViewColumn.Beside);
  assert.equal(panel.options.enableScripts, false);
  assert.match(panel.webview.html, /content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/);
  assert.doesNotMatch(panel.webview.html, /<script|<svg|picture of </);
  const image = /data:image\/svg\+xml;base64,([^"]+)/.exec(panel.webview.html)[1];
  assert.match(Buffer.from(image, "base64").toString(), /^<svg/);
  panel.dispose();
  await seen.commands.get("rasp.draw")(url, "x");
  assert.equal(seen.panels.length, 2, "a closed panel is made anew");
});

test("what the server refuses is said", async () => {
  await start(server);
  await seen.commands.get("rasp.compile")(url, "x");
  assert.deepEqual(seen.messages.map((m) => m.text), ["the vocabulary is missing"]);
});

test("a command can be cancelled, and then nothing is said", async () => {
  await start(server);
  const running = seen.commands.get("rasp.verify")(url, "x");
  await until(() => seen.progress.length > 0);
  assert.ok(seen.progress[0].cancellable);
  seen.progress[0].cancel();
  await running;
  assert.deepEqual(seen.messages, []);
});

test("another path takes another server", async () => {
  await start(join(folder, "missing"));
  settings.set("rasp.path", server);
  await configuration.fire({ affectsConfiguration: (name) => name === "rasp.path" });
  await until(() => seen.providers.includes("registerHoverProvider"));
  await seen.commands.get("rasp.run")(url, "x");
  assert.equal(seen.lines.at(-1).channel, "RASP results");
});

test("rasp lsp", { skip: without() }, async () => {
  await start(process.env.RASP);
  assert.deepEqual(seen.messages, []);
  await open(url, '#rasp:vocab "ab"\n#rasp:length 4\nx = select(tokens, tokens, ==) + 1;\n');
  await until(() => seen.diagnostics.get(url)?.length > 0);
  const [fault] = seen.diagnostics.get(url);
  assert.match(fault.message, /selector/);
  assert.equal(fault.range.start.line, 2);
  const good = "file:///good.rasp";
  await open(good, '#rasp:vocab "ab"\n#rasp:length 4\nn = selector_width(select(tokens, tokens, ==));\n#> "aba" => [2, 1, 2]\n');
  await until(() => seen.diagnostics.has(good));
  assert.deepEqual(seen.diagnostics.get(good), []);
  await seen.commands.get("rasp.run")(good, "n");
  await seen.commands.get("rasp.compile")(good, "n");
  assert.deepEqual(seen.messages, []);
  assert.match(seen.lines.at(-1).text, /layers|parameters/);
  await seen.commands.get("rasp.draw")(good, "n");
  assert.match(seen.panels[0].webview.html, /data:image\/svg/);
});

/** Why the real server is not tried; false if it is. */
function without() {
  if (!process.env.RASP) return "RASP names no program";
  try {
    execFileSync(process.env.RASP, ["lsp", "--help"], { stdio: "ignore" });
    return false;
  } catch {
    return `${process.env.RASP} has no language server`;
  }
}
