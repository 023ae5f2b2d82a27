// The extension: a client of `rasp lsp`. What comes in are RASP files that are open; the server says all
// that is known of them. This file starts and restarts it; server.ts finds the program, commands.ts runs what
// stands above an s-op, picture.ts shows it.
import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn } from "vscode-languageclient/node";
import { registerCommands } from "./commands";
import { findServer } from "./server";

let client: LanguageClient | undefined;
let starting: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const results = vscode.window.createOutputChannel("RASP results");
  context.subscriptions.push(
    ...registerCommands(results, () => client),
    results,
    vscode.commands.registerCommand("rasp.restart", restart),
    vscode.workspace.onDidChangeConfiguration((e) => {
      if (e.affectsConfiguration("rasp.path")) void restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await starting.catch(() => undefined);
  await client?.dispose();
  client = undefined;
}

/** Ends the server that runs and starts one; one restart waits for the one before. */
function restart(): Promise<void> {
  starting = starting.then(async () => {
    const old = client;
    client = undefined;
    await old?.dispose();
    const command = await findServer();
    if (command === undefined) return;
    const next = new LanguageClient(
      "rasp",
      "RASP",
      { command, args: ["lsp"] },
      {
        documentSelector: [
          { scheme: "file", language: "rasp" },
          { scheme: "untitled", language: "rasp" },
        ],
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        // The server then puts rasp.run and its like above the s-ops.
        initializationOptions: { commands: true },
      },
    );
    try {
      await next.start();
      client = next;
    } catch {
      // The library has told what is wrong.
      await next.dispose().catch(() => undefined);
    }
  });
  return starting;
}
