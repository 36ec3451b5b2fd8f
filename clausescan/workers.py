"""Run a function over many items in other processes, in order, whatever happens to a process.

Knows nothing of contracts. A process that is killed takes the whole pool with it; the pool is then
made anew and the item at the head of the queue runs alone, so that the item that kills is found
and every other one gets its answer.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4
"""Items handed to the pool per process; keeps processes busy and memory flat."""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the result of an item whose process gave no answer."""

    reason: str


@dataclass(slots=True)
class _Task(Generic[Item, Result]):
    item: Item
    future: Future[Result]


def map_in_processes(
    function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int
) -> Iterator[Result | Died]:
    """Results in the order of the items, from `jobs` fresh (spawned) processes.

    Args:
        function: A function of a module, which a new process can import.
        items: Read as far ahead as the processes need, not more.
        jobs: Number of processes.
    """
    waiting = iter(items)
    queue: deque[_Task[Item, Result]] = deque()
    pool = _new_pool(jobs)
    try:
        while True:
            for item in islice(waiting, jobs * AHEAD - len(queue)):
                queue.append(_Task(item, _submit(pool, function, item)))
            if not queue:
                return
            head = queue.popleft()
            error = head.future.exception()
            if not isinstance(error, BrokenExecutor):
                yield Died(_reason(error)) if error is not None else head.future.result()
                continue
            pool.shutdown(wait=True, cancel_futures=True)
            yield _run_alone(function, head.item)
            pool = _new_pool(jobs)
            for task in queue:
                if _is_lost(task.future):
                    task.future = _submit(pool, function, task.item)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


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


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start)


def _start() -> None:
    """In each process: leave Ctrl-C to the parent, and compute in one thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")


def _submit(pool: Executor, function: Callable[[Item], Result], item: Item) -> Future[Result]:
    try:
        return pool.submit(function, item)
    except BrokenExecutor as error:
        broken: Future[Result] = Future()
        broken.set_exception(error)
        return broken


def _is_lost(future: Future[Result]) -> bool:
    """Whether the pool's end took the answer along."""
    return future.cancelled() or isinstance(future.exception(), BrokenExecutor)


def _run_alone(function: Callable[[Item], Result], item: Item) -> Result | Died:
    with _new_pool(1) as pool:
        future = _submit(pool, function, item)
        error = future.exception()
        return Died(_reason(error)) if error is not None else future.result()


def _reason(error: BaseException) -> str:
    if isinstance(error, BrokenExecutor):
        return "its process was killed or crashed"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
