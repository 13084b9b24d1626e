"""Figures drawn: limbs, hands and clothes in the order of their distance, with a rim of light around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import argb, box
from vitascope.filmset.canvas.palette import mix
from vitascope.filmset.people.cloth import Skirt
from vitascope.filmset.people.head import draw_head, hair_fall
from vitascope.filmset.people.outfit import Outfit
from vitascope.filmset.people.skeleton import UP, Pose
from vitascope.filmset.stage.backlot import Frame
from vitascope.filmset.stage.brush import Brush, Spot

REACH = 0.9
"""Statures from the hips to the farthest end of arms, hair and cloth."""


def draw_figure(frame: Frame, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Draw a posed figure: first its rim of light, then itself."""
    z = float(made.pelvis[2])
    _, _, per = frame.view.project(0.0, 0.0, z)
    size = made.scale * float(per)
    light = frame.light
    rim = 0.0035 * min(size / 0.3, 1.5)
    shift = (rim * (0.8 if light.side > 0 else -0.8), -rim * 0.7)
    alpha = 0.22 + 0.6 * light.backlit + 0.2 * light.dark
    if size > 0.08 and not frame.reflecting:
        tint = mix(light.palette.key, light.palette.haze, light.haze(z))
        if frame.quick:
            recorder = skia.PictureRecorder()
            u, v, _ = (float(q) for q in frame.view.project(*made.pelvis))
            reach = REACH * size
            canvas = recorder.beginRecording(box(u - reach, v - reach, u + reach, v + reach))
            _parts(Brush(replace(frame, canvas=canvas), z, float(per)), made, outfit, seed, wind)
            _outlined(frame.canvas, recorder.finishRecordingAsPicture(), argb(tint, min(alpha, 1.0)), shift)
            return
        body = Brush(
            frame,
            z,
            float(per),
            flat=tint,
            shift=shift,
            alpha=alpha,
        )
        _parts(body, made, outfit, seed, wind)
    _parts(Brush(frame, z, float(per)), made, outfit, seed, wind)


def _outlined(canvas: Any, drawing: Any, rim: int, shift: Spot) -> None:
    """A drawing over its own silhouette in a rim's colour."""
    flat = skia.ColorFilters.Blend(rim, skia.BlendMode.kSrcIn)
    canvas.drawPicture(drawing, skia.Matrix.Translate(*shift), skia.Paint(ColorFilter=flat))
    canvas.drawPicture(drawing)


def _parts(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Back to front: far limbs, clothes, near limbs."""
    near_leg = int(made.knees[1][2] < made.knees[0][2])
    near_arm = int(made.elbows[1][2] + made.wrists[1][2] < made.elbows[0][2] + made.wrists[0][2])
    depth = [float((made.elbows[k] + made.wrists[k] - 2 * made.chest) @ np.array([0, 0, 1.0])) for k in (0, 1)]
    facing = -float(made.face[2])
    if outfit.hair_length > 0.3 and facing > 0:
        hair_fall(brush, made, outfit, seed, wind)
    arms_behind = [k for k in (0, 1) if depth[k] > 0.02 or (k != near_arm and abs(depth[0] - depth[1]) > 0.1)]
    for k in arms_behind:
        _arm(brush, made, outfit, k, -0.16)
    ring = Skirt.of(made, outfit, seed, wind, brush.frame.t) if outfit.skirt else None
    if ring:
        ring.back(brush, outfit)
    for k in (1 - near_leg, near_leg):
        _leg(brush, made, outfit, k, 0.0 if k == near_leg else -0.16)
    if outfit.skirt and ring:
        ring.front(brush, outfit)
    _torso(brush, made, outfit)
    draw_head(brush, made, outfit, seed, wind)
    for k in (0, 1):
        if k not in arms_behind:
            _arm(brush, made, outfit, k, 0.0)


def _leg(brush: Brush, made: Pose, outfit: Outfit, k: int, shade: float) -> None:
    s = made.scale
    wide = outfit.trousers
    own = outfit.bottom if not outfit.bare_legs else outfit.skin
    hip, knee, ankle = brush.at(made.hips[k]), brush.at(made.knees[k]), brush.at(made.ankles[k])
    calf = (knee[0] + 0.3 * (ankle[0] - knee[0]), knee[1] + 0.3 * (ankle[1] - knee[1]))
    lit = 0.45 + shade
    brush.limb(hip, 0.05 * s, knee, (0.033 + 0.008 * wide) * s, own, lit)
    brush.limb(knee, (0.033 + 0.008 * wide) * s, calf, (0.034 + 0.006 * wide) * s, own, lit)
    brush.limb(calf, (0.034 + 0.006 * wide) * s, ankle, (0.019 + 0.014 * wide) * s, own, lit)
    heel, ball, toe = brush.at(made.heels[k] + UP * 0.008 * s), brush.at(made.balls[k]), brush.at(made.toes[k])
    brush.limb(ankle, 0.021 * s, heel, 0.019 * s, outfit.shoes, lit - 0.05)
    brush.limb(heel, 0.018 * s, ball, 0.022 * s, outfit.shoes, lit - 0.05)
    brush.limb(ball, 0.022 * s, toe, 0.015 * s, outfit.shoes, lit - 0.05)
    brush.limb(ankle, 0.021 * s, ball, 0.02 * s, outfit.shoes, lit - 0.05)
    if outfit.wheels:
        _skate(brush, made, k)


def _skate(brush: Brush, made: Pose, k: int) -> None:
    """An inline skate under a shoe: a dark frame along the sole and four wheels with pale hubs."""
    s = made.scale
    along = [made.heels[k] * (1 - share) + made.toes[k] * share for share in (0.02, 0.34, 0.66, 0.98)]
    rail = [brush.at(place - UP * 0.016 * s) for place in along]
    brush.stroke(rail, 0.016 * s, (0.16, 0.17, 0.2), 0.5)
    for place in along:
        spot = brush.at(place - UP * 0.026 * s)
        brush.oval(spot, 0.0165 * s, 0.0165 * s, (1.0, 0.55, 0.2), 0.8)
        brush.oval(spot, 0.006 * s, 0.006 * s, (0.95, 0.93, 0.88), 0.9)


def _arm(brush: Brush, made: Pose, outfit: Outfit, k: int, shade: float) -> None:
    s = made.scale
    shoulder, elbow, wrist = (brush.at(j[k]) for j in (made.shoulders, made.elbows, made.wrists))
    own = outfit.skin if outfit.bare_arms else outfit.top
    lit = 0.5 + shade
    loose = outfit.sleeves
    brush.limb(shoulder, (0.03 + 0.006 * loose) * s, elbow, (0.022 + 0.008 * loose) * s, own, lit)
    brush.limb(elbow, (0.022 + 0.008 * loose) * s, wrist, (0.0145 + 0.014 * loose) * s, own, lit)
    _hand(brush, made, outfit, k, lit)


def _hand(brush: Brush, made: Pose, outfit: Outfit, k: int, lit: float) -> None:
    """A palm with a thumb and four fingers: spread a little if the hand is free, closed if it holds something."""
    s, side = made.scale, 1.0 if k else -1.0
    wrist, tip = brush.at(made.wrists[k]), brush.at(made.hands[k])
    dx, dy = tip[0] - wrist[0], tip[1] - wrist[1]

    def at(along: float, aside: float) -> Spot:
        return wrist[0] + along * dx - side * aside * dy, wrist[1] + along * dy + side * aside * dx

    held = made.grips[k]
    brush.limb(wrist, 0.014 * s, at(0.42, 0.03), 0.0185 * s, outfit.skin, lit)
    if held or s * brush.per < 0.14:
        brush.limb(
            at(0.42, 0.03),
            0.0175 * s,
            at(0.62 if held else 0.85, -0.06),
            (0.013 if held else 0.008) * s,
            outfit.skin,
            lit,
        )
    else:
        for finger, (reach, spread) in enumerate(((0.8, -0.2), (0.98, -0.08), (0.97, 0.05), (0.84, 0.17))):
            root = at(0.44, (finger - 1.5) * 0.1)
            knuckle = at(0.44 + 0.55 * (reach - 0.44), 0.8 * spread)
            brush.stroke([root, knuckle, at(reach, spread - 0.05)], 0.0125 * s, outfit.skin, lit + 0.12)
    thumb = [at(0.12, 0.12), at(0.36, 0.27), at(0.54, 0.2 if held else 0.3)]
    brush.stroke(thumb, 0.0135 * s, outfit.skin, lit + 0.06)


def _torso(brush: Brush, made: Pose, outfit: Outfit) -> None:
    """Neck, then the trunk from sloping shoulders to the hips, in light from one side; collar and belt."""
    s, k = made.scale, made.scale * brush.per
    chest, pelvis, head = brush.at(made.chest), brush.at(made.pelvis), brush.at(made.head)
    left, right = _sides(brush, made, outfit)
    waist = (chest[0] * 0.42 + pelvis[0] * 0.58, chest[1] * 0.42 + pelvis[1] * 0.58)
    neck = (chest[0], chest[1] - 0.035 * k)
    nape = (chest[0] * 0.4 + head[0] * 0.6, chest[1] * 0.4 + head[1] * 0.6)
    brush.limb((chest[0], chest[1] + 0.01 * k), 0.03 * s, nape, 0.024 * s, outfit.skin, 0.28)
    slope = [(neck[0] + way * 0.026 * k, neck[1] - 0.012 * k) for way in (-1.0, 1.0)]
    caps = [(edge[0][0] - way * 0.016 * k, edge[0][1] - 0.034 * k) for way, edge in ((-1.0, left), (1.0, right))]
    trunk = [slope[0], caps[0], *left, (pelvis[0], pelvis[1] + 0.06 * k), *right[::-1], caps[1], slope[1], neck]
    brush.shaded(trunk, outfit.top, min(x for x, _ in trunk), max(x for x, _ in trunk), (0.22, 0.78))
    if brush.flat is not None:
        return
    if outfit.open_front and -float(made.chest_way[2]) > 0.1:
        shift = float(made.chest_way[0]) * 0.05 * k
        collar = neck[1] + 0.012 * k
        front = [(neck[0] - 0.03 * k, collar), (waist[0] + shift, waist[1]), (neck[0] + 0.03 * k, collar)]
        brush.shape(front, outfit.accent, 0.5, smooth=False)
    elif not outfit.hood and -float(made.chest_way[2]) > -0.2:
        dip = (chest[0] + float(made.chest_way[0]) * 0.03 * k, neck[1] + (0.035 if outfit.slim else 0.018) * k)
        brush.shape([slope[0], dip, slope[1], (neck[0], neck[1] - 0.02 * k)], outfit.skin, 0.34)
    if outfit.belt:
        half = (left[2][0] - right[2][0]) / 2
        belt = [(waist[0] + half, waist[1]), (waist[0], waist[1] + 0.012 * k), (waist[0] - half, waist[1])]
        brush.stroke(belt, 0.02 * s, outfit.accent, 0.4)


def _sides(brush: Brush, made: Pose, outfit: Outfit) -> tuple[list[Spot], list[Spot]]:
    """The outline of a torso on both sides: shoulder, ribs, waist, hip."""
    k = made.scale * brush.per
    chest, pelvis = brush.at(made.chest), brush.at(made.pelvis)
    shoulders, hips = sorted(brush.at(j) for j in made.shoulders), sorted(brush.at(j) for j in made.hips)
    slim = outfit.slim
    sides = []
    for way, shoulder, hip in ((-1.0, shoulders[0], hips[0]), (1.0, shoulders[1], hips[1])):
        edge = (shoulder[0] + way * 0.03 * k, shoulder[1] + 0.006 * k)
        bust = (chest[0] * 0.7 + pelvis[0] * 0.3, chest[1] * 0.7 + pelvis[1] * 0.3)
        ribs = bust[0] + way * max((0.07 if slim else 0.08) * k, way * (edge[0] - bust[0]) - 0.021 * k)
        waist = (chest[0] * 0.42 + pelvis[0] * 0.58, chest[1] * 0.42 + pelvis[1] * 0.58)
        narrow = waist[0] + way * (0.058 if slim else 0.076) * k
        sides.append([edge, (ribs, bust[1]), (narrow, waist[1]), (hip[0] + way * 0.05 * k, hip[1] + 0.01 * k)])
    return sides[0], sides[1]
