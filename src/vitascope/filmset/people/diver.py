"""Divers: a body stretched along its way, a flutter kick that runs down into long fins, a tank, a mask, bubbles."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from vitascope.filmset.canvas.paint import PLUS, box, fade, fill, glow, line, outline
from vitascope.filmset.canvas.palette import colour, mix, scaled
from vitascope.filmset.canvas.random_streams import lattice, wander
from vitascope.filmset.people.outfit import Outfit
from vitascope.filmset.people.skeleton import (
    FORE,
    HAND,
    HEAD,
    HIPS,
    NECK,
    SHIN,
    SHOULDERS,
    THIGH,
    TORSO,
    UP,
    UPPER,
    Pose,
    Vector,
    body,
    unit,
)
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.brush import Brush, Spot
from vitascope.filmset.stage.cast import Actor
from vitascope.filmset.stage.play import BREATH, FIRST_BREATH

KICK = 1.45
"""Seconds of a flutter kick."""
FIN = 0.3
STEEL, RUBBER, GLASS = colour("aeb8c0"), colour("20242a"), colour("9fe4f0")


def swimming(actor: Actor, t: float) -> Pose:
    """A diver at a time: trim along the way, arms loosely ahead, legs in a flutter kick."""
    scale = actor.stature
    heading = actor.way.heading if actor.way.speed else (0.0 if actor.seed % 2 else pi)
    frame = body(heading, scale)
    x, z = actor.where(t)
    bob = 0.09 * sin(2 * pi * t / BREATH - 1.1) + 0.05 * float(wander(actor.seed, t * 0.4))
    pelvis = np.array([x, actor.altitude + bob, z])
    tilt = 0.16 + 0.07 * sin(2 * pi * t / 5.3 + actor.seed % 3)
    roll = 0.3 * sin(2 * pi * t / 4.7 + actor.seed % 5)
    along = unit(frame.ahead * cos(tilt) + UP * sin(tilt))
    upright = unit(UP * cos(tilt) - frame.ahead * sin(tilt))
    over = unit(upright * cos(roll) + frame.left * sin(roll))
    left = unit(np.cross(along, over) * (1.0 if float(np.cross(along, over) @ frame.left) > 0 else -1.0))
    chest = pelvis + along * TORSO * scale
    head = chest + unit(along + 0.42 * over) * (NECK + HEAD) * scale
    hips = [pelvis + left * side * HIPS * scale for side in (1.0, -1.0)]
    knees, ankles, toes = [], [], []
    for k in (0, 1):
        phase = 2 * pi * t / KICK + pi * k
        thigh = unit(-along + over * (0.27 * sin(phase) - 0.04))
        knee = hips[k] + thigh * THIGH * scale
        shin = unit(-along + over * (0.38 * sin(phase - 0.75) - 0.08 + 0.14 * max(0.0, cos(phase))))
        ankle = knee + shin * SHIN * scale
        blade = unit(-along + over * 0.52 * sin(phase - 1.5) - over * 0.1)
        knees.append(knee)
        ankles.append(ankle)
        toes.append(ankle + blade * 0.13 * scale)
    shoulders = [chest + left * side * SHOULDERS * scale for side in (1.0, -1.0)]
    elbows, wrists, hands = _reaching(along, over, left, shoulders, scale, t, actor.seed)
    return Pose(
        scale=scale,
        pelvis=pelvis,
        chest=chest,
        head=head,
        hips=hips,
        knees=knees,
        ankles=ankles,
        balls=[ankle.copy() for ankle in ankles],
        toes=toes,
        heels=[ankle.copy() for ankle in ankles],
        shoulders=shoulders,
        elbows=elbows,
        wrists=wrists,
        hands=hands,
        face=unit(along - 0.25 * over),
        chest_way=-over,
        speed=0.5,
        grounded=(False, False),
    )


def _reaching(
    along: Vector, over: Vector, left: Vector, shoulders: list[Vector], scale: float, t: float, seed: int
) -> tuple[list[Vector], list[Vector], list[Vector]]:
    """Arms: one points ahead, the other sculls at the side and changes over now and then."""
    elbows, wrists, hands = [], [], []
    for k, side in enumerate((1.0, -1.0)):
        lead = 0.5 + 0.5 * sin(2 * pi * t / 7.0 + pi * k + seed % 6)
        scull = 0.16 * sin(2 * pi * t / 1.9 + k)
        upper = unit(along * (lead - 0.35) + left * side * (0.5 - 0.2 * lead + scull) - over * (0.85 - 0.3 * lead))
        fore = unit(along * (0.5 + 0.7 * lead) + left * side * (0.05 - scull) - over * (0.45 - 0.3 * lead))
        elbows.append(shoulders[k] + upper * UPPER * scale)
        wrists.append(elbows[k] + fore * FORE * scale)
        hands.append(wrists[k] + unit(fore + 0.4 * along) * HAND * scale)
    return elbows, wrists, hands


def draw_diver(frame: Frame, made: Pose, outfit: Outfit, seed: int) -> None:
    """Draw a diver in a wetsuit: rim of light, far limbs, tank, trunk, head, near limbs, breath."""
    z = float(made.pelvis[2])
    per = float(frame.view.project(0.0, 0.0, z)[2])
    if made.scale * per > 0.08 and not frame.reflecting:
        tint = mix(frame.light.palette.key, frame.light.palette.haze, frame.light.haze(z))
        rim = 0.0035 * min(made.scale * per / 0.3, 1.5)
        _body(Brush(frame, z, per, flat=tint, shift=(0.0, -rim), alpha=0.5), made, outfit)
    if frame.light.dark > 0.6:
        _torch(frame, made)
    _body(Brush(frame, z, per), made, outfit)
    if not frame.reflecting:
        _breath(frame, made, seed, z)


def _torch(frame: Frame, made: Pose) -> None:
    """In the dark one hand holds a lamp: its beam opens into the water ahead."""
    hand, way = made.hands[0], unit(made.chest - made.pelvis) - 0.12 * UP
    side, long = np.array([-way[1], way[0], 0.0]), 2.4
    tint = mix(frame.light.palette.cool, (1.0, 1.0, 0.9), 0.7)
    u, v, per = (float(q) for q in frame.view.project(*hand))
    x, y, _ = (float(q) for q in frame.view.project(*(hand + way * long)))
    for wide in (0.62, 0.46, 0.3):
        power = 0.2 * frame.light.dark
        ends = [frame.view.project(*(hand + way * long + side * wide * q)) for q in (1.0, -1.0)]
        beam = fade((u, v), (x, y), [(0.0, tint, power), (0.4, tint, 0.4 * power), (1.0, tint, 0.0)], PLUS)
        frame.canvas.drawPath(outline([(u, v), *((float(a), float(b)) for a, b, _ in ends)]), beam)
    glow(frame.canvas, u, v, 0.16 * made.scale * per, tint, 0.9)


def _body(brush: Brush, made: Pose, outfit: Outfit) -> None:
    near = int(made.hips[1][2] < made.hips[0][2])
    far = 1 - near
    over = -made.chest_way
    _arm(brush, made, outfit, far, -0.18)
    _leg(brush, made, outfit, far, -0.18)
    tank_first = float(over[2]) > 0.1
    if tank_first:
        _tank(brush, made, over)
    _trunk(brush, made, outfit, over)
    if not tank_first:
        _tank(brush, made, over)
    _leg(brush, made, outfit, near, 0.0)
    _head(brush, made, outfit, over)
    _arm(brush, made, outfit, near, 0.02)


def _trunk(brush: Brush, made: Pose, outfit: Outfit, over: Vector) -> None:
    """The trunk as overlapping volumes along the spine, a stripe along its side, a weight belt."""
    s, along = made.scale, unit(made.chest - made.pelvis)
    for share, radius in ((0.0, 0.078), (0.35, 0.072), (0.7, 0.086), (0.98, 0.084)):
        there = made.pelvis + along * share * TORSO * s
        ahead = made.pelvis + along * min(share + 0.3, 1.05) * TORSO * s
        brush.limb(brush.at(there), radius * s, brush.at(ahead), 0.08 * s, outfit.top, 0.46)
    if brush.flat is not None:
        return
    side = [made.pelvis + along * q * TORSO * s - over * 0.012 * s for q in (-0.15, 0.3, 0.7, 1.05)]
    brush.stroke([brush.at(p) for p in side], 0.018 * s, outfit.accent, 0.7)
    belt = [made.pelvis + along * 0.06 * s + over * q * s for q in (0.075, 0.0, -0.078)]
    brush.stroke([brush.at(p) for p in belt], 0.03 * s, RUBBER, 0.35)
    strap = [made.chest - along * 0.03 * s + over * q * s for q in (0.085, 0.0, -0.075)]
    brush.stroke([brush.at(p) for p in strap], 0.02 * s, scaled(outfit.accent, 0.6), 0.45)


def _tank(brush: Brush, made: Pose, over: Vector) -> None:
    """A steel cylinder on the back with its valve; a hose to the mouth."""
    s, along = made.scale, unit(made.chest - made.pelvis)
    low = made.pelvis + along * 0.03 * s + over * 0.125 * s
    top = made.chest - along * 0.015 * s + over * 0.13 * s
    brush.limb(
        brush.at(low), 0.052 * s, brush.at(top), 0.052 * s, mix(STEEL, brush.frame.light.palette.low, 0.12), 0.62
    )
    if brush.flat is not None:
        return
    valve = top + along * 0.065 * s
    brush.limb(brush.at(top + along * 0.03 * s), 0.02 * s, brush.at(valve), 0.014 * s, RUBBER, 0.4)
    mouth = made.head + unit(made.face) * HEAD * 0.9 * s - over * HEAD * 0.3 * s
    bow = (valve + mouth) / 2 + over * 0.045 * s + along * 0.05 * s
    brush.stroke([brush.at(valve), brush.at(bow), brush.at(mouth)], 0.014 * s, RUBBER, 0.35)
    for share in (0.25, 0.72):
        place = low + (top - low) * share
        ring = [place + over * 0.05 * s, place, place - over * 0.05 * s]
        brush.stroke([brush.at(p) for p in ring], 0.012 * s, RUBBER, 0.3)


def _head(brush: Brush, made: Pose, outfit: Outfit, over: Vector) -> None:
    """A hooded head, a mask with glass that shines, a regulator at the mouth."""
    s, face = made.scale, unit(made.face)
    r = HEAD * s
    brush.limb(brush.at(made.chest), 0.045 * s, brush.at(made.head), 0.04 * s, outfit.top, 0.4)
    brush.oval(brush.at(made.head), 1.04 * r, 1.02 * r, outfit.top, 0.5)
    brush.oval(brush.at(made.head + face * 0.42 * r - over * 0.1 * r), 0.72 * r, 0.72 * r, outfit.skin, 0.55)
    if brush.flat is not None:
        return
    glass = made.head + face * 0.66 * r + over * 0.22 * r
    brush.oval(brush.at(glass), 0.52 * r, 0.42 * r, RUBBER, 0.3)
    brush.oval(brush.at(glass + face * 0.05 * r), 0.4 * r, 0.3 * r, GLASS, 0.95)
    brush.oval(brush.at(glass + face * 0.1 * r + over * 0.12 * r), 0.12 * r, 0.09 * r, (1.0, 1.0, 1.0), 1.0)
    fore, aft = made.head + face * 0.3 * r + over * 0.22 * r, made.head - face * 0.8 * r + over * 0.3 * r
    brush.stroke([brush.at(fore), brush.at((fore + aft) / 2 + over * 0.1 * r), brush.at(aft)], 0.16 * r, RUBBER, 0.3)
    brush.oval(brush.at(made.head + face * 0.95 * r - over * 0.35 * r), 0.3 * r, 0.26 * r, RUBBER, 0.5)


def _arm(brush: Brush, made: Pose, outfit: Outfit, k: int, shade: float) -> None:
    s = made.scale
    shoulder, elbow, wrist, tip = (brush.at(j[k]) for j in (made.shoulders, made.elbows, made.wrists, made.hands))
    brush.limb(shoulder, 0.044 * s, elbow, 0.033 * s, outfit.top, 0.48 + shade)
    brush.limb(elbow, 0.033 * s, wrist, 0.024 * s, outfit.top, 0.48 + shade)
    middle = (wrist[0] * 0.4 + tip[0] * 0.6, wrist[1] * 0.4 + tip[1] * 0.6)
    brush.limb(wrist, 0.021 * s, middle, 0.022 * s, RUBBER, 0.5 + shade)
    brush.limb(middle, 0.02 * s, tip, 0.009 * s, RUBBER, 0.5 + shade)


def _leg(brush: Brush, made: Pose, outfit: Outfit, k: int, shade: float) -> None:
    """A leg in its suit and a long blade that bends behind the kick."""
    s = made.scale
    hip, knee, ankle, toe = (brush.at(j[k]) for j in (made.hips, made.knees, made.ankles, made.toes))
    brush.limb(hip, 0.062 * s, knee, 0.042 * s, outfit.top, 0.46 + shade)
    brush.limb(knee, 0.042 * s, ankle, 0.027 * s, outfit.top, 0.46 + shade)
    brush.limb(ankle, 0.03 * s, toe, 0.026 * s, RUBBER, 0.4 + shade)
    blade, shin = unit(made.toes[k] - made.ankles[k]), unit(made.ankles[k] - made.knees[k])
    bent = unit(blade * 1.5 - shin * 0.5)
    spine = [made.toes[k] - blade * 0.05 * s, made.toes[k] + blade * 0.4 * FIN * s]
    spine.append(spine[-1] + bent * 0.6 * FIN * s)
    across = np.cross(unit(made.face), made.chest_way)
    rail = unit(0.75 * made.chest_way + 0.65 * across)
    edge: list[Spot] = [brush.at(p + rail * w * s) for p, w in zip(spine, (0.022, 0.042, 0.062), strict=True)]
    back: list[Spot] = [brush.at(p - rail * w * s) for p, w in zip(spine, (0.022, 0.042, 0.062), strict=True)]
    brush.shape([*edge, *back[::-1]], outfit.shoes, 0.6 + shade, smooth=False)
    if brush.flat is None:
        brush.stroke([brush.at(p) for p in spine], 0.012 * s, scaled(outfit.shoes, 0.55), 0.35)
        brush.stroke(edge, 0.008 * s, scaled(outfit.shoes, 1.3), 0.8)


def _breath(frame: Frame, made: Pose, seed: int, z: float) -> None:
    """Bubbles of the last breaths: they leave the mouth in a burst, grow, wobble and rise."""
    tint = mix(frame.light.palette.zenith, (1.0, 1.0, 1.0), 0.5)
    mouth = made.head + unit(made.face) * HEAD * 1.2 * made.scale
    speed = float(made.chest[0] - made.pelvis[0]) / (TORSO * made.scale) * 0.5
    for back in range(3):
        start = FIRST_BREATH + BREATH * (int((frame.t - FIRST_BREATH) // BREATH) - back)
        for k in range(13):
            draws = lattice(seed % 99991 + 7 * back, np.arange(3) + 3 * k).tolist()
            age = frame.t - start - 0.75 * draws[0]
            if start < 0 or not 0 <= age <= 3.2:
                continue
            rise = 0.3 * age + 0.32 * age * age / (1 + 0.55 * age)
            sway = 0.06 * age**0.5 * sin(5.5 * age + 6 * draws[1])
            x = mouth[0] - speed * age + 0.12 * (draws[2] - 0.5) * (1 + age) + sway
            u, v, per = (float(q) for q in frame.view.project(x, mouth[1] + rise, z))
            r = (0.012 + 0.03 * draws[2]) * (0.7 + 0.25 * age) * per
            alpha = 0.75 * min(1.0, (3.2 - age) / 0.8)
            frame.canvas.drawOval(box(u - 1.1 * r, v - 0.9 * r, u + 1.1 * r, v + 0.9 * r), line(tint, 0.28 * r, alpha))
            frame.canvas.drawCircle(u - 0.35 * r, v - 0.3 * r, 0.26 * r, fill((1.0, 1.0, 1.0), alpha))
