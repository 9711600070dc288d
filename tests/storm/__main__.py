# ruff: noqa: T201 (a command prints)
"""
Let storms blow: python -m tests.storm --seeds 1000

Each seed is one simulated day of orders, packages and stock with everything that can go wrong; afterwards every
promise is checked. A seed that breaks one is printed with the command that replays it, and as short as it can be made.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

from tests.storm.bugs import BUGS
from tests.storm.designs import DESIGNS
from tests.storm.fleet import Case, Fleet, fleet
from tests.storm.promises import PROMISES
from tests.storm.script import STEPS, WIDE_FROM
from tests.storm.shrink import shrunk
from tests.storm.storm import Outcome

FOR_ONE_WIDE = 5


def main() -> int:
    """Run what the command line asks for; return 1 where a promise was broken."""
    asked = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or PostgreSQL would be left running
    with fleet(asked.cores) as ships:
        if asked.designs:
            return _compare(ships, asked.seeds, asked.first)
        if asked.seed is not None:
            return _replay(ships, Case(asked.seed, asked.build, asked.steps, _places(asked.keep)), shrink=asked.shrink)
        return _storm(ships, [Case(seed, asked.build, asked.steps) for seed in _seeds(asked)], shrink=asked.shrink)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many storms")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--wide", type=int, help="how many storms besides in which people change what they ordered; one for five others"
    )
    parser.add_argument("--cores", type=int, help="how many processes; as many as there are cores")
    parser.add_argument("--steps", type=int, default=STEPS, help="how long each storm is")
    parser.add_argument("--seed", type=int, help="replay this one and print its trace")
    parser.add_argument("--keep", help="replay only these happenings of the script, as 0-4,17,23")
    parser.add_argument("--shrink", action="store_true", help="make the first storm that breaks a promise short")
    parser.add_argument("--designs", action="store_true", help="hold the designs of peers beside ours")
    parser.add_argument("--build", default="ours", choices=["ours", *DESIGNS, *BUGS], help="the hub that is stormed")
    return parser


def _seeds(asked: argparse.Namespace) -> Sequence[int]:
    by_default = 0 if asked.first else asked.seeds // FOR_ONE_WIDE
    wide = by_default if asked.wide is None else asked.wide
    seeds = (*range(asked.first, asked.first + asked.seeds), *range(WIDE_FROM, WIDE_FROM + wide))
    return list(dict.fromkeys(seeds))


def _storm(ships: Fleet, cases: Sequence[Case], *, shrink: bool) -> int:
    began = time.monotonic()
    outcomes = ships.play_all(cases, _progress(len(cases)))
    took = time.monotonic() - began
    bad = [outcome for outcome in outcomes if outcome.broken]
    happened = sum((outcome.happened for outcome in outcomes), Counter[str]())
    print(f"\n{len(outcomes)} seeds in {took:.0f} s: {len(outcomes) / took:.2f} seeds per second")
    print("what people did: " + _listed(happened, "life"))
    print("what went wrong: " + _listed(happened, "fault"))
    checks = sum((outcome.checked for outcome in outcomes), Counter[str]())
    for promise in PROMISES:
        broken = sum(any(one.promise == promise for one in outcome.broken) for outcome in bad)
        print(
            f"  {'BROKEN in ' + str(broken) + ' seeds' if broken else 'kept'}: {promise} ({checks[promise]:,} checks)"
        )
    for outcome in bad[:10]:
        print(f"\nseed {outcome.seed} ({outcome.setting}) breaks:")
        for one in outcome.broken[:5]:
            print(f"  {one}")
        print(f"  replay: {_command(cases[0].build, outcome.seed, cases[0].steps)}")
    if bad and shrink:
        _make_short(ships, next(case for case in cases if case.seed == bad[0].seed), bad[0])
    return 1 if bad else 0


def _replay(ships: Fleet, case: Case, *, shrink: bool) -> int:
    outcome, again = ships.play(case), ships.play(case)
    print("\n".join(outcome.trace))
    print(f"\ntrace {outcome.trace_hash}, played again {again.trace_hash}")
    for one in outcome.broken:
        print(f"BROKEN: {one}")
    if shrink and outcome.broken:
        _make_short(ships, case, outcome)
    return 1 if outcome.broken else 0


def _make_short(ships: Fleet, case: Case, outcome: Outcome) -> None:
    promises = broken_by(outcome)
    print(f"\nMaking seed {case.seed} short …", flush=True)

    def first_failing(candidates: Sequence[Sequence[int]]) -> int | None:
        failing = ships.first(
            [_only(case, places) for places in candidates], lambda one: bool(promises & broken_by(one))
        )
        if failing is not None:
            left = candidates[failing]
            print(f"  {len(left)} happenings: --keep {_ranges(left)}", file=sys.stderr, flush=True)
        return failing

    places = shrunk(case.kept or range(len(case.script.happenings)), first_failing)
    short = _only(case, places)
    played = ships.play(short)
    print("\n".join(played.trace))
    for one in played.broken:
        print(f"BROKEN: {one}")
    print(f"replay: {_command(case.build, case.seed, case.steps)} --keep {_ranges(places)}")


def broken_by(outcome: Outcome) -> set[str]:
    """Return which promises a storm broke."""
    return {one.promise for one in outcome.broken}


def _only(case: Case, places: Sequence[int]) -> Case:
    return Case(case.seed, case.build, case.steps, tuple(places))


def _compare(ships: Fleet, seeds: int, first: int) -> int:
    print(f"How often each design offers what the warehouse cannot promise, under the same {seeds} storms:\n")
    print(f"{'design':<16}{'seeds that oversell':>20}{'writes that do':>16}{'units too many':>16}{'stock writes':>14}")
    for build in ("ours", *DESIGNS):
        outcomes = ships.play_all([Case(seed, build) for seed in range(first, first + seeds)])
        bad = [outcome for outcome in outcomes if outcome.oversold]
        writes, units = sum(len(one.oversold) for one in bad), sum(sum(one.oversold) for one in bad)
        in_all = sum(outcome.writes for outcome in outcomes)
        print(f"{build:<16}{len(bad):>20}{writes:>16}{units:>16}{in_all:>14}", flush=True)
    return 0


def _progress(of: int) -> Callable[[Outcome], None]:
    done = bad = 0

    def heard(outcome: Outcome) -> None:
        nonlocal done, bad
        done += 1
        if outcome.broken:
            bad += 1
            print(f"\rseed {outcome.seed}: {outcome.broken[0]}", file=sys.stderr, flush=True)
        if sys.stderr.isatty() or done % 50 == 0:
            print(f"\r{done} of {of} storms, {bad} broke a promise", end="", file=sys.stderr, flush=True)

    return heard


def _listed(happened: Counter[str], kind: str) -> str:
    return ", ".join(
        f"{count:,} {name.partition(': ')[2]}" for name, count in happened.most_common() if name.startswith(kind)
    )


def _command(build: str, seed: int, steps: int) -> str:
    options = ("" if build == "ours" else f" --build {build}") + ("" if steps == STEPS else f" --steps {steps}")
    return f"python -m tests.storm --seed {seed}{options}"


def _places(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def _ranges(places: Sequence[int]) -> str:
    groups = [[place for _, place in group] for _, group in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
    return ",".join(f"{group[0]}-{group[-1]}" if len(group) > 1 else str(group[0]) for group in groups)


if __name__ == "__main__":
    sys.exit(main())
