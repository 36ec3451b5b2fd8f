"""Run a function over many items in other processes, in order, whatever happens to a process.

Knows nothing of contracts. Each process has one item at a time, so one that is killed, crashes,
hangs or wants too much memory costs that item only; the next item gets a new process.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4
"""Items taken from the caller per process; keeps processes busy and memory flat."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_START_SECONDS = 120.0
"""For a process to begin; the clock of an item starts afterwards."""

_STOP_SECONDS = 2.0
"""For a process to clean up after it was told to stop, before it is killed."""


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the result of an item whose process gave no answer."""

    reason: str


def map_in_processes(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    jobs: int,
    seconds: float | None = None,
    memory: int | None = None,
) -> Iterator[Result | Died]:
    """Results in the order of the items, from `jobs` fresh (spawned) processes.

    Args:
        function: A function of a module, which a new process can import.
        items: Read as far ahead as the processes need, not more.
        jobs: Number of processes.
        seconds: Longest time for one item; its process is then stopped.
        memory: Most bytes that a process may allocate; kept by the kernel, on Linux.
    """
    waiting = iter(items)
    queue: deque[Future[Result | Died]] = deque()
    crew: _Crew[Item, Result] = _Crew(function, seconds, memory)
    # A thread for each process does nothing but wait for it.
    threads = ThreadPoolExecutor(jobs)
    try:
        while True:
            for item in islice(waiting, jobs * AHEAD - len(queue)):
                queue.append(threads.submit(crew.answer, item))
            if not queue:
                return
            yield queue.popleft().result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        crew.close()
        threads.shutdown()


def map_in_executor(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    executor: Executor,
    *,
    ahead: int = 64,
) -> Iterator[Result | Died]:
    """Results in the order of the items, from somebody else's executor.

    An executor that breaks cannot be made anew here: what it held and what follows is lost.
    """
    waiting = iter(items)
    queue: deque[Future[Result]] = deque()
    while True:
        queue.extend(
            _submit(executor, function, item) for item in islice(waiting, ahead - len(queue))
        )
        if not queue:
            return
        future = queue.popleft()
        error = future.exception()
        yield Died(_reason(error)) if error is not None else future.result()


@dataclass(slots=True)
class _Crew(Generic[Item, Result]):
    """The processes: idle ones are used again, lost ones replaced when there is work."""

    function: Callable[[Item], Result]
    seconds: float | None
    memory: int | None
    lock: Lock = field(default_factory=Lock)
    idle: list[_Worker] = field(default_factory=list)
    alive: list[_Worker] = field(default_factory=list)
    closed: bool = False

    def answer(self, item: Item) -> Result | Died:
        """The function's result for an item."""
        worker = self._take()
        if worker is None:
            return Died("the work was stopped")
        answer: Result | Died
        answer, is_usable = worker.ask(item, self.seconds)
        with self.lock:
            if is_usable:
                self.idle.append(worker)
            else:
                self.alive.remove(worker)
        return answer

    def close(self) -> None:
        """Stop every process; a thread that waits for one gets a `Died`."""
        with self.lock:
            self.closed = True
            alive = list(self.alive)
        for worker in alive:
            worker.process.terminate()
        for worker in alive:
            worker.stop()

    def _take(self) -> _Worker | None:
        with self.lock:
            if self.closed:
                return None
            if self.idle:
                return self.idle.pop()
            worker = _Worker(self.function, self.memory)
            self.alive.append(worker)
            return worker


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, function: Callable[[Any], Any], memory: int | None) -> None:
        context = get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, function, memory), daemon=True)
        self.process.start()
        far.close()
        self._begun = False

    def ask(self, item: object, seconds: float | None) -> tuple[Any, bool]:
        """The answer for an item, and whether the process can be asked again."""
        try:
            if not self._begun:
                self._receive(_START_SECONDS)
                self._begun = True
            self.pipe.send(item)
            answer, is_usable = self._receive(seconds)
        except TimeoutError:
            self.stop()
            return Died(f"it took more than {seconds or _START_SECONDS:g} seconds"), False
        except (EOFError, OSError):
            self.stop()
            return Died(f"its process was killed or crashed{self._how()}"), False
        if not is_usable:
            self.stop()
        return answer, is_usable

    def stop(self) -> None:
        """End the process: politely, so that it ends what it has started, then by force."""
        self.process.terminate()
        self.process.join(_STOP_SECONDS)
        self.process.kill()
        self.process.join()

    def _receive(self, seconds: float | None) -> Any:
        if not self.pipe.poll(seconds):
            raise TimeoutError
        return self.pipe.recv()

    def _how(self) -> str:
        code = self.process.exitcode or 0
        return f" ({signal.Signals(-code).name})" if code < 0 else f" (exit code {code})"


def _serve(pipe: Connection, function: Callable[[Any], Any], memory: int | None) -> None:
    """In each process: answer item after item until the pipe ends."""
    # Ctrl-C is the parent's; SIGTERM must run the clean-up of what the function has begun.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    _limit(memory)
    pipe.send(None)
    is_usable = True
    while is_usable:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send((function(item), True))
        except MemoryError:
            # What it still holds is not known; the next item gets a new process.
            is_usable = False
        except Exception as error:
            pipe.send((Died(_reason(error)), True))
    pipe.send((Died(_too_much(memory)), False))


def _limit(memory: int | None) -> None:
    """Let the kernel refuse memory beyond the limit, so that no file can take the machine's."""
    if memory is None or not sys.platform.startswith("linux"):
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or most > memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def _submit(pool: Executor, function: Callable[[Item], Result], item: Item) -> Future[Result]:
    try:
        return pool.submit(function, item)
    except BrokenExecutor as error:
        broken: Future[Result] = Future()
        broken.set_exception(error)
        return broken


def _too_much(memory: int | None) -> str:
    allowed = "there is" if memory is None else f"the {memory / 1e6:,.0f} MB allowed"
    return f"it needed more memory than {allowed}"


def _reason(error: BaseException) -> str:
    if isinstance(error, BrokenExecutor):
        return "its process was killed or crashed"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
