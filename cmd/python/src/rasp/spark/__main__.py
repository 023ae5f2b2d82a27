"""``python -m rasp.spark COMMAND``, or ``spark-submit`` of this file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, List, Optional

# Not relative: spark-submit runs this file as a script.
from rasp._errors import RaspError
from rasp.spark._corpus import corpus
from rasp.spark._ngrams import count_ngrams
from rasp.spark._perplexity import measured
from rasp.spark._suite import made
from rasp.spark._verify import verified

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _corpus(spark: SparkSession, given: argparse.Namespace, flags: List[str]) -> int:
    print(f"{Path(given.out) / 'data'}: {corpus(spark, given.spec, given.out, given.format)}")
    return 0


def _verify(spark: SparkSession, given: argparse.Namespace, flags: List[str]) -> int:
    done = verified(spark, given.file, *flags)
    print(json.dumps(done["outcome"]) + "\n" if given.json else done["summary"], end="")
    return 0 if done["outcome"]["equal"] else 1


def _ngram(spark: SparkSession, given: argparse.Namespace, flags: List[str]) -> int:
    lines = count_ngrams(spark, given.text, given.out, *flags, min_count=given.min_count, vocab_size=given.vocab_size)
    print(f"{given.out}: {lines} n-grams; rasp ngram --counts reads them")
    return 0


def _perplexity(spark: SparkSession, given: argparse.Namespace, flags: List[str]) -> int:
    done = measured(spark, given.file, given.text, *flags)
    print(done.get("warning", ""), end="", file=sys.stderr)
    print(json.dumps(done["measured"]) + "\n" if given.json else done["summary"], end="")
    return 0


def _suite(spark: SparkSession, given: argparse.Namespace, flags: List[str]) -> int:
    done = made(spark, given.file, given.out, *flags)
    print(*done["left_out"], sep="", end="", file=sys.stderr)
    print(done["summary"], end="")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rasp.spark",
        description="Does the work of rasp on a cluster of Spark. What stands behind -- goes to rasp COMMAND. All machines share the files.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, do: Any, help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=f"{help}.")
        command.add_argument("--master", help="the cluster, such as spark://HOST:7077; default: as spark-submit or Spark's settings have it")
        command.set_defaults(do=do)
        return command

    c = add("corpus", _corpus, "what rasp corpus does, and the same bytes")
    c.add_argument("spec", metavar="SPEC", help="a file of JSON, as for rasp corpus")
    c.add_argument("-o", "--out", required=True, metavar="DIR", help="the folder to write")
    c.add_argument("--format", default="parquet", help="of the rows: parquet or jsonl")
    c = add("verify", _verify, "what rasp verify does, in ranges of the inputs")
    c.add_argument("file", metavar="FILE", help="a model or a program")
    c.add_argument("--json", action="store_true", help="print one JSON object")
    c = add("ngram", _ngram, "count n-grams, for rasp ngram --counts")
    c.add_argument("text", metavar="TEXT", nargs="+", help="a sentence a line; also gzip and zstd")
    c.add_argument("-o", "--out", required=True, metavar="COUNTS", help="the file to write")
    c.add_argument("--min-count", type=int, default=1, metavar="N", help="tokens that occur less often are <unk>")
    c.add_argument("--vocab-size", type=int, metavar="N", help="only so many tokens, the most frequent ones, are not <unk>")
    c = add("perplexity", _perplexity, "what rasp perplexity does, over many texts")
    c.add_argument("file", metavar="FILE", help="a model, a program or an ARPA file")
    c.add_argument("text", metavar="TEXT", nargs="+", help="files, each a text of its own")
    c.add_argument("--json", action="store_true", help="print one JSON object")
    c = add("suite", _suite, "what rasp suite does, and the same bytes")
    c.add_argument("file", metavar="FILE", nargs="*", help="programs, or names of ready-made ones; default: all of those")
    c.add_argument("-o", "--out", required=True, metavar="DIR", help="the folder to write")
    return parser


def main(arguments: Optional[List[str]] = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    own = arguments.index("--") if "--" in arguments else len(arguments)
    parser = _parser()
    given = parser.parse_args(arguments[:own])
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        parser.exit(1, "python -m rasp.spark: pyspark is missing; pip install pyspark pyarrow pandas\n")
    builder = SparkSession.builder.appName(f"rasp {given.command}")
    if given.master:
        builder = builder.master(given.master)
    with builder.getOrCreate() as spark:
        try:
            status: int = given.do(spark, given, arguments[own + 1 :])
        except RaspError as wrong:
            parser.exit(1, f"python -m rasp.spark: {wrong}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
