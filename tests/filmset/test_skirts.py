"""Skirts: the cloth lies over the legs of whoever dances, whatever the legs do."""

from __future__ import annotations

import numpy as np
import pytest
import skia

from tests.filmset.scenes import scene
from vitascope.filmset.people.cloth import Skirt
from vitascope.filmset.people.outfit import outfit
from vitascope.filmset.people.pose import pose
from vitascope.filmset.people.skeleton import Pose
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.cast import Actor, cast
from vitascope.values import Size, Timing

SIZE, TIMING = Size(864, 480), Timing(121)
SECONDS = float(TIMING.seconds)


def cloth(skirt: Skirt) -> list[skia.Path]:
    """The cloth as seen from the front: every panel between two neighbours of the rings."""
    panels = []
    for upper, lower in ((skirt.waist, skirt.middle), (skirt.middle, skirt.hem)):
        for k in range(len(upper)):
            after = (k + 1) % len(upper)
            corners = [upper[k], upper[after], lower[after], lower[k]]
            panels.append(skia.Path.Polygon([skia.Point(float(x), float(y)) for x, y, _ in corners], True))
    return panels


def bare(made: Pose, skirt: Skirt) -> float:
    """How far (m) a bone of a leg is seen above the hem beside the cloth; 0 if nowhere."""
    panels, worst = cloth(skirt), 0.0
    lowest_waist = float(skirt.waist[:, 1].min())
    for leg in (0, 1):
        for a, b in ((made.hips[leg], made.knees[leg]), (made.knees[leg], made.ankles[leg])):
            for share in np.linspace(0, 1, 8):
                x, y, _ = a + (b - a) * share
                hem = float(skirt.hem[np.abs(skirt.hem[:, 0] - x).argsort()[:3], 1].max())
                if hem < y < lowest_waist and not any(panel.contains(float(x), float(y)) for panel in panels):
                    worst = max(worst, float(y) - hem)
    return worst


def dancer(action: Action, seed: int) -> Actor:
    return cast(scene(Kind.DANCER, action, seed=seed), SIZE, TIMING).actors[0]


@pytest.mark.parametrize("action", [Action.DANCE, Action.SPIN])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_no_leg_is_seen_above_the_hem_beside_the_skirt(action: Action, seed: int) -> None:
    actor = dancer(action, seed)
    wear = outfit(actor)
    for t in np.arange(0.0, SECONDS, 0.08):
        made = pose(actor, float(t), SECONDS)
        skirt = Skirt.of(made, wear, actor.seed, 0.3, float(t))
        assert bare(made, skirt) < 0.03 * made.scale, f"at {t:.2f} s"
