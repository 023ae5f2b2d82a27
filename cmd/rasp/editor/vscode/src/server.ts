// Which program is the server, and what to say where there is none.
import { execFile } from "node:child_process";
import * as vscode from "vscode";

/** The program of the setting rasp.path; undefined, after a message, if it has no language server. */
export async function findServer(): Promise<string | undefined> {
  const path = vscode.workspace.getConfiguration("rasp").get<string>("path")?.trim() || "rasp";
  const fault = await tryOut(path);
  if (fault === undefined) return path;
  // Not awaited: the message may stand there for ever.
  void vscode.window.showErrorMessage(fault, "Set the path").then((chosen) => {
    if (chosen !== undefined) void vscode.commands.executeCommand("workbench.action.openSettings", "rasp.path");
  });
  return undefined;
}

/** What is wrong with a program, tried by asking for the help of its language server. */
function tryOut(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(path, ["lsp", "--help"], { timeout: 10_000, windowsHide: true }, (fault, _, stderr) => {
      if (!fault) return resolve(undefined);
      if (fault.code === "ENOENT") {
        return resolve(
          `The program rasp is not found ("${path}"). Colours and snippets work without it; faults, values and pictures ` +
            "need it. Put rasp on the PATH, or set rasp.path.",
        );
      }
      if (fault.code === "EACCES") return resolve(`"${path}" may not be run. Is it the program rasp? See the setting rasp.path.`);
      const said = stderr.trim().split("\n")[0] || fault.message;
      resolve(`"${path}" has no language server; a newer rasp has. It says: ${said}`);
    });
  });
}
