"""The child process that does the work: ``rasp serve``, JSON-RPC over its pipes."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any, Dict, List, Optional, Tuple

from ._binary import binary
from ._errors import RaspError, error

_GRACE = 0.5  # seconds that a cancelled request has to end
_CANCELLED, _NO_MODEL = -32800, 3


class NoModel(Exception):
    """The process does not have the model (any more)."""


class Process:
    """``rasp serve``, started at the first call, and anew after a crash or a fork.

    One call at a time; those of other threads wait.
    """

    def __init__(self) -> None:
        self.generation = 0  # how many processes there have been
        self.lock = threading.RLock()
        self._child: Optional[subprocess.Popen[bytes]] = None
        self._said: Optional[IO[bytes]] = None  # what it writes to stderr
        self._calls = 0
        self._read = b""
        self._folder = ""  # in which it runs
        self._busy = False  # a request has not been answered
        self._waiting: Optional[threading.Thread] = None  # for the end of what was cancelled
        self._unneeded: List[str] = []  # handles of models
        atexit.register(self.stop)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        """The process belongs to the parent: it is not spoken to, nor waited for."""
        child, self._child = self._child, None
        self.lock, self._read, self._unneeded = threading.RLock(), b"", []
        self._busy, self._waiting = False, None
        if child is not None:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
            child.returncode = 0  # so that nobody waits for what is no child of this process

    def start(self) -> None:
        """Starts the process if there is none."""
        if self._child is not None:
            return
        own: Dict[str, Any] = {}  # Ctrl-C is for Python, which cancels what is being done
        if sys.platform == "win32":
            own["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
        else:
            own["start_new_session"] = True
        self._said = tempfile.TemporaryFile()
        self._folder, self._read, self._unneeded = os.getcwd(), b"", []
        self.generation += 1  # before there is a process, whenever an interrupt comes
        self._child = subprocess.Popen(
            [binary(), "serve", "--attached"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, bufsize=0, **own,
        )  # fmt: skip

    def stop(self) -> None:
        """Ends the process; the next call starts another."""
        child, self._child, self._busy = self._child, None, False
        if child is None:
            return
        child.kill()
        child.wait()
        if self._waiting is not None:
            self._waiting.join()  # what it reads has an end now
            self._waiting = None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def drop(self, generation: int, handle: str) -> None:
        """Says that a model is not needed any more. May be called at any time: it is told later."""
        if generation == self.generation:
            self._unneeded.append(handle)

    def call(self, method: str, params: Dict[str, Any]) -> Any:
        """The result of a request. KeyboardInterrupt cancels it."""
        with self.lock:
            if self._busy or (method == "command" and self._child is not None and self._folder != os.getcwd()):
                self.stop()  # a call was broken off at an odd moment; or names of files would be those of elsewhere
            fresh = self._child is None
            self.start()
            try:
                if self._unneeded:
                    unneeded, self._unneeded = self._unneeded, []
                    self._request("close", {"models": unneeded})
                return self._request(method, params)
            except BrokenPipeError:  # it ended since the last call
                self.stop()
                if fresh:
                    raise RaspError("the program rasp ends at once", text=self._last_words()) from None
                if "model" in params:
                    raise NoModel from None
                self.start()
                return self._request(method, params)
            except EOFError:
                raise self._crashed() from None

    def _request(self, method: str, params: Dict[str, Any]) -> Any:
        child = self._child
        assert child is not None
        self._calls += 1
        number = self._calls
        text = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}, separators=(",", ":"), default=_plain)
        sent = False
        try:
            self._busy = True
            _write(child, text.encode("ascii") + b"\n")
            sent = True
            answer = json.loads(self._line(child))
            self._busy = False
        except KeyboardInterrupt:
            self._cancel(child, number, sent)
            raise
        failed = answer.get("error")
        if failed is None:
            return answer["result"]
        data = failed.get("data", {})
        if failed["code"] == _NO_MODEL:
            raise NoModel
        raise error(data.get("faults", []), data.get("text", ""), failed["message"], data.get("hint", ""), method)

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        """The next line of the process; EOFError if it has ended."""
        assert child.stdout is not None
        source = child.stdout.fileno()
        parts = [self._read]
        while b"\n" not in parts[-1]:
            part = os.read(source, 1 << 20)
            if not part:
                raise EOFError
            parts.append(part)
        end, _, self._read = parts[-1].partition(b"\n")
        parts[-1] = end
        return b"".join(parts)

    def _crashed(self) -> RaspError:
        child = self._child
        assert child is not None
        self.stop()
        return RaspError(
            f"the program rasp ended in the midst of a request (status {child.returncode}); the next call starts it anew",
            text=f"the program rasp ended in the midst of a request (status {child.returncode})\n{self._last_words()}",
        )

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0)
        return self._said.read()[-4000:].decode("utf-8", "replace")

    def _cancel(self, child: subprocess.Popen[bytes], number: int, sent: bool) -> None:
        """Cancels a request. If it does not end soon, the process does."""
        ended = False

        def wait() -> None:
            nonlocal ended
            try:
                _write(child, b'{"jsonrpc":"2.0","method":"cancel","params":{"id":%d}}\n' % number)
                ended = json.loads(self._line(child)).get("id") == number
            except (OSError, ValueError, EOFError):
                pass  # a part of the answer was read before

        if sent:
            self._waiting = threading.Thread(target=wait, daemon=True)
            self._waiting.start()
            self._waiting.join(_GRACE)
        if ended:
            self._busy, self._waiting = False, None
        else:
            self.stop()


def _plain(x: Any) -> Any:
    """A number of NumPy as one of Python, for JSON."""
    if hasattr(x, "dtype") and getattr(x, "ndim", 1) == 0:
        return x.item()
    raise TypeError(f"{x!r} is nothing that rasp takes: values are strings, numbers and booleans")


def _write(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin is not None
    to = child.stdin.fileno()
    left = memoryview(data)
    while left:
        left = left[os.write(to, left) :]


process = Process()


def tidy(path: str) -> None:
    """Removes a folder at the end of the process that made it."""
    import shutil

    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove)


_folder: Dict[int, str] = {}


def folder() -> str:
    """A folder of this process, for what is handed over as files."""
    own = _folder.get(os.getpid())
    if own is None:
        own = tempfile.mkdtemp(prefix="rasp-")
        _folder[os.getpid()] = own
        tidy(own)
    return own


def run(args: List[str], stdin: str = "") -> str:
    """What a command line of rasp prints; RaspError if its exit status is not 0."""
    return run_both(args, stdin)[0]


def run_both(args: List[str], stdin: str = "") -> Tuple[str, str]:
    """What a command line prints, and what it says beside it."""
    done = process.call("command", {"args": args, "stdin": stdin})
    if done["status"] != 0:
        said = done["stderr"] or done["stdout"]
        raise error(done.get("faults", []), said, said.partition("\n")[0] or f"{args[0]} failed")
    return str(done["stdout"]), str(done["stderr"])


def run_as_asked(args: List[str], stdin: str) -> str:
    """What a command line prints that the caller has written: errors stay in its words."""
    done = process.call("command", {"args": args, "stdin": stdin})
    if done["status"] != 0:
        said = done["stderr"] or done["stdout"]
        raise RaspError(said.partition("\n")[0], text=said)
    return str(done["stdout"])
