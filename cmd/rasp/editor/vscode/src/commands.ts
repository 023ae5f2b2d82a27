// The commands above an s-op: the server does what they say, and its answer is shown.
import * as vscode from "vscode";
import { ExecuteCommandRequest, LanguageClient } from "vscode-languageclient/node";
import { Pictures } from "./picture";

/** What the server answers to a command. */
export interface Answer {
  title: string;
  kind: "text" | "svg";
  content: string;
}

const verbs: Record<string, string> = { run: "Running", draw: "Drawing", compile: "Compiling", verify: "Verifying" };

export function registerCommands(output: vscode.OutputChannel, client: () => LanguageClient | undefined): vscode.Disposable[] {
  const pictures = new Pictures();
  const show = (answer: Answer): void => {
    if (answer.kind === "svg") return pictures.show(answer.title, answer.content);
    output.appendLine(`${answer.title}\n${answer.content.trimEnd()}\n`);
    output.show(true);
  };
  const registered = Object.entries(verbs).map(([verb, doing]) =>
    vscode.commands.registerCommand(`rasp.${verb}`, async (uri?: string, name?: string) => {
      uri ??= vscode.window.activeTextEditor?.document.uri.toString();
      const server = client();
      if (uri === undefined) return void vscode.window.showInformationMessage("Open a RASP program first.");
      if (server === undefined) return void vscode.window.showErrorMessage("The language server of rasp does not run: see the setting rasp.path.");
      const answer = await ask(server, `rasp.server.${verb}`, `${doing} ${name || "the program"}`, [uri, name ?? ""]);
      if (answer) show(answer);
    }),
  );
  return [pictures, ...registered];
}

/** Runs a command of the server; undefined if it fails, after a message, or is cancelled. */
async function ask(server: LanguageClient, command: string, title: string, args: string[]): Promise<Answer | undefined> {
  const progress = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(progress, async (_, cancelled) => {
    try {
      return (await server.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }, cancelled)) as Answer;
    } catch (fault) {
      if (!cancelled.isCancellationRequested) void vscode.window.showErrorMessage(fault instanceof Error ? fault.message : String(fault));
      return undefined;
    }
  });
}
