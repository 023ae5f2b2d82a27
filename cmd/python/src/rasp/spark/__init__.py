"""The work of rasp on a cluster of Spark: corpora, verification, counts of n-grams, perplexity and sets of models.

    python -m rasp.spark corpus SPEC -o DIR --master spark://HOST:7077
    spark-submit .../rasp/spark/__main__.py corpus SPEC -o DIR

Each function takes a session of Spark and does what a command does on one machine, number for number and byte for byte.
Files stand in a folder that all machines share. The work is done by ``rasp COMMAND --worker``, a process for each core
that lives as long as Spark's own; what Spark moves about are counts, fingerprints and numbers of programs. It takes
pyspark, pyarrow and pandas.

In reading order: _worker.py, _verify.py, _corpus.py, _ngrams.py, _perplexity.py, _suite.py, __main__.py.
"""

from __future__ import annotations

from ._corpus import corpus
from ._ngrams import count_ngrams
from ._perplexity import perplexity
from ._suite import suite
from ._verify import verify

__all__ = ["corpus", "count_ngrams", "perplexity", "suite", "verify"]
