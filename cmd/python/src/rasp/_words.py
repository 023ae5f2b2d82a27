"""What the program rasp says of its command line, in words of Python."""

from __future__ import annotations

import re

# Whole phrases come first, what is left of options last.
_PHRASES = [
    (r"rasp info --json has all names", "model.names has all names"),
    (r"rasp info shows the outputs", "model.outputs has them"),
    (r"rasp info describes a model, rasp run runs it", "rasp.load opens it"),
    (r"rasp list shows the ready-made programs", "rasp.programs() has the ready-made ones"),
    (r"compile it first: rasp compile .* -o MODEL\S*", "rasp.compile makes a model of a program"),
    (r"rasp compile makes", "rasp.compile makes"),
    (r"rasp run runs longer inputs", "model(tokens) takes longer ones"),
    (r"rasp run --set", "rasp.interpret with set="),
    (r"; see --dump facts for s-ops with many values", ""),
    (r"write --format neuronpedia --input \w+", 'give format="neuronpedia" and input='),
    (r"--vocab abc on the command line", 'vocab="abc"'),
    (r"--length (\d+) on the command line", r"length=\1"),
    (r"--ablate L\.H=resample", 'ablate={"L.H": "resample"}'),
    (r"--ablate 0\.0", 'ablate="0.0"'),
    (r"--patch (\S+)@POSITION=INPUT", r'patch={("\1", POSITION): INPUT}'),
    (r"--set (\S+)@(\d+):", r'("\1", \2):'),
    (r"--to (\w+)", r'export("\1")'),
    (r"--(at-end|format|smoothing) (\w+)", r'--\1 "\2"'),
    (r"#rasp:output, --main or --output", "#rasp:output or --output"),
    (r"(?<![\w-])-n(?![\w-])", "n"),
    (r"--skip-symbols leaves such words out", 'replace them first, or give "--skip-symbols" to what counts'),
    (r"\b(top|min)-(p|k)\b", r"\1_\2"),
    (r"^rasp (\w+): ", r"\1: "),
]
_SWITCHES = {"causal", "partial", "all", "sentences", "skip-oov", "large"}
_NAMES = {"from": "source", "to": "form", "main": "output"}
_SOURCE = re.compile(r"\s*\d* \| ")  # lines that show a program


def _option(found: re.Match[str], outputs: str) -> str:
    name, after = found[1], found[2] or ""
    python = outputs if name == "output" else _NAMES.get(name, name.replace("-", "_"))
    if after.startswith(' "'):
        return python + "=" + after.strip()
    if name in _SWITCHES:
        return python + "=True" + after
    return python + (after or "=")


def in_python(said: str, method: str = "") -> str:
    """A message, or several lines of it, for who calls from Python; ``method`` is what was asked for."""
    outputs = "outputs" if method == "compile" else "output"
    lines = []
    for line in said.splitlines(keepends=True):
        if line.startswith("usage: "):
            continue
        if not _SOURCE.match(line):
            for pattern, words in _PHRASES:
                line = re.sub(pattern, words, line)
            line = re.sub(r'--([a-z][a-z-]*)(:| "\w+"| is | are | and | count )?', lambda found: _option(found, outputs), line)
        lines.append(line)
    return "".join(lines)
