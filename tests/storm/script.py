"""
What will happen in a storm, written down before it begins: who acts when, what goes wrong, whose turn it is.

A seed makes a script, and a script makes a storm that is the same every time. Everything in it stands at a step of its
own, so leaving one happening out leaves the others where they are: that is how a long script shrinks to a short one.
Where a step names nobody, whoever had the last turn goes on.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STEPS: Final = 600
RACES: Final = 0.012
LAST_STEPS: Final = 80
LAST_RACES: Final = 0.15
"""How often at a step; by chance alone they are too rare. What is lost early, later news of the same object heals."""
AFTERWARDS: Final = 0.015
"""How often something becomes of a package that has left, at a step."""
WIDE_FROM: Final = 1_000
"""From this seed on people also change what they ordered, and send it back; those before it play as they always did."""
CALMS: Final = (150, 300)
"""The steps at which everybody comes to look, so that there are orders at the warehouse to change something about."""
CHANGES: Final = 0.16
"""How often they do, at a step."""


class What(StrEnum):
    """One kind of happening."""

    # --- the schedule ---------------------------------------------------------------------------------------------
    START = "start"
    """Another actor begins: a drain, a sweep, the delivery of a webhook."""
    SWITCH = "switch"
    """Somebody else has the turn."""
    CLOCK = "clock"
    """Time passes: from seconds to more than a lease."""
    SETTLE = "settle"
    """Everybody looks at everything, one after the other, and nothing goes wrong meanwhile."""
    RACE = "race"
    """While a drain looks at something it changes, is marked, and another process takes the news up."""

    # --- life -----------------------------------------------------------------------------------------------------
    BUY = "buy"
    CANCEL = "cancel"
    HAND_FULFILL = "hand fulfill"
    HAND_EDIT = "hand edit"
    RECEIVE = "receive"
    COUNT = "count"
    SHIP = "ship"
    CLOSE_SHORT = "close short"
    TAKE_BACK = "take back"
    """A package that left is back: its goods are to leave in another one."""
    TRACK = "track"
    """A package that left gets another tracking number, or its first."""

    # --- life after an order was placed ---------------------------------------------------------------------------
    EDIT = "edit"
    REWRITE = "rewrite"
    """The shipping address or the note becomes another."""
    PAY = "pay"
    """The customer pays what an edit added."""
    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    HOLD = "hold"
    RELEASE = "release"
    WORK_ON = "work on"
    """The warehouse takes an order one step further, short of shipping it."""
    CALL_OFF = "call off"
    """The warehouse cancels an order."""
    HOLD_THERE = "hold there"
    """The warehouse puts an order on hold, or says another reason why it is."""
    RESUME_THERE = "resume there"
    REQUEST_RETURN = "request return"
    END_RETURN = "end return"
    """A return is cancelled, or its last line made shorter."""
    GOODS_BACK = "goods back"
    """Goods of a return arrive at the warehouse, or of an order of which nobody announced any."""
    INSPECT = "inspect"
    """The warehouse decides what becomes of goods that arrived."""

    # --- faults ---------------------------------------------------------------------------------------------------
    FAIL = "fail"
    """The call or transaction that is at hand fails: before its effect where it is about to begin, else after."""
    THROTTLE = "throttle"
    """Shopify sends the next call away."""
    SLOW = "slow"
    """The answer takes seconds, or longer than a look may."""
    DEATH = "death"
    """The process dies with all its actors; another one takes its place."""
    SLEEP = "sleep"
    """The machine stops for longer than a lease, and goes on later as if nothing had been."""
    STORE_DOWN = "store down"
    BACKEND_DOWN = "backend down"
    LOSE = "lose webhook"
    REPEAT = "repeat webhook"


LIFE: Final = {
    What.BUY: 10,
    What.CANCEL: 2,
    What.HAND_FULFILL: 1,
    What.HAND_EDIT: 1,
    What.RECEIVE: 3,
    What.COUNT: 2,
    What.SHIP: 8,
    What.CLOSE_SHORT: 1,
}
LATER: Final = {
    What.EDIT: 6,
    What.REWRITE: 2,
    What.PAY: 3,
    What.SPLIT: 3,
    What.MERGE: 3,
    What.MOVE: 3,
    What.HOLD: 3,
    What.RELEASE: 3,
    What.WORK_ON: 5,
    What.CALL_OFF: 1,
    What.HOLD_THERE: 12,
    What.RESUME_THERE: 8,
    What.SHIP: 8,
    What.REQUEST_RETURN: 10,
    What.END_RETURN: 1,
    What.GOODS_BACK: 10,
    What.INSPECT: 4,
}
FAULTS: Final = {
    What.FAIL: 12,
    What.THROTTLE: 2,
    What.SLOW: 3,
    What.DEATH: 3,
    What.SLEEP: 2,
    What.STORE_DOWN: 1,
    What.BACKEND_DOWN: 1,
    What.LOSE: 4,
    What.REPEAT: 2,
}
"""How often each comes, among its kind."""

AFTER_SALE: Final = (What.BUY, What.SHIP, What.CLOSE_SHORT, What.CANCEL, What.TAKE_BACK, *LATER)
"""What may become of an order once it is placed."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something at a step; `chance`, from 0 up to, not with, 1, decides what it needs decided."""

    step: int
    what: What
    chance: float

    def among(self, choices: int, of: int = 0) -> int:
        """Choose one of so many; `of` makes an independent choice of the same happening."""
        return random.Random(f"{self.chance} {of}").randrange(choices)


@dataclass(frozen=True, slots=True)
class Script:
    """A seed, and what happens at which step."""

    seed: int
    happenings: tuple[Happening, ...]

    def by_step(self) -> Mapping[int, list[Happening]]:
        """Return what happens at each step, in order."""
        found: dict[int, list[Happening]] = {}
        for one in self.happenings:
            found.setdefault(one.step, []).append(one)
        return found

    def only(self, kept: Iterable[Happening]) -> "Script":
        """Return the same storm with only these happenings."""
        return Script(self.seed, tuple(kept))


def script_for(seed: int, steps: int = STEPS) -> Script:
    """Write the script of a seed; seeds differ in how busy and how bad their day is."""
    chance = random.Random(f"script {seed}")
    busy, bad = chance.uniform(0.03, 0.12), chance.uniform(0.01, 0.08)
    nervous = chance.uniform(0.1, 0.6)
    found: list[Happening] = []
    for step in range(steps):
        if chance.random() < busy:
            found.append(Happening(step, _pick(chance, LIFE), chance.random()))
        if chance.random() < 0.22:
            found.append(Happening(step, What.START, chance.random()))
        if chance.random() < nervous:
            found.append(Happening(step, What.SWITCH, chance.random()))
        if chance.random() < 0.05:
            found.append(Happening(step, What.CLOCK, chance.random()))
        if chance.random() < bad:
            found.append(Happening(step, _pick(chance, FAULTS), chance.random()))
    races = random.Random(f"races {seed}")

    def often(step: int) -> float:
        return LAST_RACES if step >= steps - LAST_STEPS else RACES

    found += [Happening(step, What.RACE, races.random()) for step in range(steps) if races.random() < often(step)]
    afterwards = random.Random(f"afterwards {seed}")
    found += [
        Happening(step, afterwards.choice([What.TAKE_BACK, What.TRACK]), afterwards.random())
        for step in range(steps)
        if afterwards.random() < AFTERWARDS
    ]
    if seed >= WIDE_FROM:
        found += [Happening(step, What.SETTLE, 0.0) for step in CALMS]
        later = random.Random(f"later {seed}")
        found += [
            Happening(step, _pick(later, LATER), later.random()) for step in range(steps) if later.random() < CHANGES
        ]
    return Script(seed, tuple(found))


def _pick(chance: random.Random, weights: Mapping[What, int]) -> What:
    return chance.choices(list(weights), list(weights.values()))[0]
