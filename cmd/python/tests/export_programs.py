"""The programs of the tests of exports."""
import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]

# What is odd in a vocabulary or in outputs, by name: a program and flags of rasp export.
ODD = {
    "odd_tokens": (
        '#rasp:vocab ["a b", "\\"", "☃", "3", 3, 2.5, true, "<bos>", "😀"]\n#rasp:length 5\n'
        "back = aggregate(select(indices, length - indices - 1, ==), tokens);\n",
        [],
    ),
    "several": (
        "#rasp:vocab abc\n#rasp:length 7\nshare = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));\n"
        "same = selector_width(select(tokens, tokens, ==));\nfirst = aggregate(select(indices, 0, ==), tokens);\n",
        ["--output", "share,same,first"],
    ),
    "several_causal": (
        "#rasp:vocab abc\n#rasp:length 7\n#rasp:causal\nshare = aggregate(select(indices, indices, <=), indicator(tokens == \"a\"));\n"
        "same = selector_width(select(tokens, tokens, ==));\n",
        ["--output", "share,same"],
    ),
    "weather": (
        "#rasp:vocab sr\n#rasp:length 12\n#rasp:causal\nsun = indicator(tokens == \"s\");\n"
        'next = {"s": 0.4 + 0.5 * sun, "r": 0.6 - 0.5 * sun};\n',
        [],
    ),
}


def ready_made(rasp):
    """The names of the ready-made programs."""
    lines = subprocess.run([rasp, "list"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.split()[0] for line in lines]


def language_models(rasp, folder, count):
    """Programs of count n-gram models of the repository's documents: characters and words, three smoothings."""
    prose = [
        line for document in sorted((REPOSITORY / "docs").glob("*.md"))
        for line in document.read_text().splitlines() if line and line[0].isalpha() and "<" not in line
    ]  # fmt: skip
    kinds = [
        (order, split, smoothing)
        for order in (2, 3)
        for smoothing in ("kneser-ney", "witten-bell", "add-k")
        for split in ("chars", "words")
    ]
    made = []
    for i in range(count):
        order, split, smoothing = kinds[i % len(kinds)]
        text, program = folder / f"lm{i}.txt", folder / f"lm{i}_{split}_{order}_{smoothing}.rasp"
        text.write_text("\n".join(prose[12 * i : 12 * i + 12]) + "\n")
        subprocess.run(
            [rasp, "ngram", text, "-o", program, "--order", str(order), "--split", split, "--smoothing", smoothing, "--length", "16"],
            capture_output=True, check=True,
        )  # fmt: skip
        made.append(program)
    return made
