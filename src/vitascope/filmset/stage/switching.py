"""Lamps that come on one after another when a clip's light falls, and go out when it rises.

A scene that ends at another hour is staged twice and one staging fades over the other. In the darker of the two every
lamp, lantern and group of windows has a moment of its own at which it is switched.
"""

from __future__ import annotations

from collections.abc import Callable

from vitascope.filmset.canvas.random_streams import ease, number
from vitascope.filmset.scene.scene import Time
from vitascope.filmset.stage.backlot import Backlot

GLOOM = {Time.DAY: 0, Time.DAWN: 1, Time.SUNSET: 2, Time.NIGHT: 3}
FIRST, LAST = 0.34, 0.8
"""Within these shares of a clip all lamps are switched: before, the dark staging is hardly seen."""
RISE = 0.14
"""Seconds in which a lamp comes on; it flickers once."""
GROUPS = 6
"""Windows of one row of houses are switched in so many groups."""

Switch = Callable[[float], float]


def changes(lot: Backlot) -> int:
    """+1 if this staging's lamps come on in the clip, -1 if they go out, 0 if they burn, or do not, all the time."""
    whole, own = lot.company.scene, lot.scene.time
    if whole.later is None or whole.later is whole.time:
        return 0
    other = whole.later if own is whole.time else whole.time
    if GLOOM[own] <= GLOOM[other]:
        return 0
    return 1 if own is whole.later else -1


def moment(lot: Backlot, *names: object) -> float:
    """When a lamp is switched, s."""
    share = number(lot.scene.seed, "switch", *names) % 9973 / 9973
    return lot.seconds * (FIRST + (LAST - FIRST) * share)


def switch(lot: Backlot, *names: object) -> Switch | None:
    """A lamp's strength over time, 0..1; None for a lamp that is not switched in this clip."""
    way = changes(lot)
    if not way:
        return None
    at = moment(lot, *names)

    def power(t: float) -> float:
        since = t - at
        if way < 0:
            return 1.0 - float(ease(since / RISE))
        on = float(ease(since / RISE))
        return on * (0.55 + 0.45 * float(ease(abs(since - 0.2) / 0.06))) if since < 0.3 else on

    return power
