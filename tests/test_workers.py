"""Items run in processes: in order, and a killed process costs one item only."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from clausescan.workers import Died, map_in_executor, map_in_processes


def act(item: int) -> int:
    """Negative items end their process or fail in one of the ways that real files do."""
    if item == -1:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == -2:
        os._exit(3)
    if item == -3:
        raise MemoryError
    if item == -4:
        return act(item)
    if item == -5:
        time.sleep(600)
    if item == -6:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        time.sleep(600)
    if item == -7:
        return len([bytearray(50_000_000) for _ in range(100)])
    return item * item


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_keep_the_order_of_the_items(jobs: int) -> None:
    assert list(map_in_processes(act, range(12), jobs=jobs)) == [n * n for n in range(12)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (-1, "its process was killed or crashed (SIGKILL)"),
        (-2, "its process was killed or crashed (exit code 3)"),
        (-3, "it needed more memory"),
        (-4, "RecursionError"),
    ],
)
def test_a_bad_item_is_a_result_and_the_others_go_on(bad: int, reason: str) -> None:
    results = list(map_in_processes(act, [1, 2, bad, 3, 4, 5], jobs=2))
    assert isinstance(results[2], Died)
    assert results[2].reason.startswith(reason)
    assert results[:2] + results[3:] == [1, 4, 9, 16, 25]


def test_two_killers_are_both_found() -> None:
    results = list(map_in_processes(act, [-1, 1, 2, -2, 3], jobs=2))
    assert [isinstance(result, Died) for result in results] == [True, False, False, True, False]


@pytest.mark.parametrize("hang", [-5, -6])
def test_an_item_that_hangs_is_stopped_and_the_others_go_on(hang: int) -> None:
    results = list(map_in_processes(act, [1, hang, 2, 3], jobs=1, seconds=2.0))
    assert results == [1, Died("it took more than 2 seconds"), 4, 9]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kept by the Linux kernel")
def test_an_item_that_eats_memory_is_stopped_and_the_others_go_on() -> None:
    results = list(map_in_processes(act, [1, -7, 2, -7, 3], jobs=1, memory=500_000_000))
    eaten = Died("it needed more memory than the 500 MB allowed")
    assert results == [1, eaten, 4, eaten, 9]


def pid(_item: int) -> int:
    return os.getpid()


def test_a_good_process_is_used_again() -> None:
    assert len(set(map_in_processes(pid, range(6), jobs=1))) == 1


def leave_mark(path: Path) -> None:
    try:
        path.with_suffix(".begun").touch()
        time.sleep(600)
    finally:
        path.touch()


def test_a_process_that_is_stopped_cleans_up(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    list(map_in_processes(leave_mark, [mark], jobs=1, seconds=2.0))
    assert mark.exists()


def test_a_caller_that_stops_early_leaves_no_process_behind() -> None:
    results: Iterator[int | Died] = map_in_processes(pid, iter(range(100)), jobs=2)
    one = next(results)
    results.close()  # type: ignore[attr-defined]
    assert isinstance(one, int)
    with pytest.raises(ProcessLookupError):
        os.kill(one, 0)


def test_items_are_not_read_far_ahead() -> None:
    taken: list[int] = []

    def items() -> object:
        for item in range(1000):
            taken.append(item)
            yield item

    results = map_in_processes(act, items(), jobs=1)  # type: ignore[arg-type]
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert len(taken) < 20


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(map_in_executor(act, range(5), pool)) == [0, 1, 4, 9, 16]


def test_a_broken_executor_gives_an_answer_for_every_item() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        results = list(map_in_executor(act, [1, -1, 2, 3], pool))
    assert len(results) == 4
    assert isinstance(results[1], Died)
