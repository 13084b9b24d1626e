"""Figures drawn: limbs with volume, hands, heads that turn, clothes that lag and flare, all lit by the scene's light."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from typing import Any

import numpy as np

from vitascope.world.backlot import Frame
from vitascope.world.dice import Floats, wander
from vitascope.world.outfit import Outfit
from vitascope.world.paint import curve, fill, line, outline
from vitascope.world.palette import Colour, mix, scaled
from vitascope.world.pose import HEAD, UP, Pose, unit

Spot = tuple[float, float]


@dataclass(slots=True)
class Brush:
    """Draws body parts of one figure: either in their colours or all in one flat tint (for rims and masks)."""

    frame: Frame
    z: float
    per: float
    flat: Colour | None = None
    shift: Spot = (0.0, 0.0)
    alpha: float = 1.0
    _paints: dict[Any, Any] = field(default_factory=dict)

    def at(self, joint: Floats) -> Spot:
        """A joint in the picture."""
        u, v, _ = self.frame.view.project(joint[0], joint[1], joint[2])
        return float(u) + self.shift[0], float(v) + self.shift[1]

    def paint(self, own: Colour, lit: float) -> Any:
        """A paint for a surface's own colour under the light."""
        key = (own, round(lit, 2))
        if key not in self._paints:
            tint = self.flat if self.flat is not None else self.frame.light.figure(own, self.z, lit)
            self._paints[key] = fill(tint, self.alpha)
        return self._paints[key]

    def limb(self, a: Spot, ra: float, b: Spot, rb: float, own: Colour, lit: float = 0.5) -> None:
        """A tapered limb between two points; radii in metres."""
        ra, rb = ra * self.per, rb * self.per
        self._capsule(a, ra, b, rb, self.paint(own, lit))
        if self.flat is None and max(ra, rb) > 0.004:
            side = self.frame.light.side
            dx, dy = 0.34 * side, -0.16
            bright = self.paint(own, min(lit + 0.34, 1.0))
            self._capsule(
                (a[0] + dx * ra, a[1] + dy * ra), 0.52 * ra, (b[0] + dx * rb, b[1] + dy * rb), 0.52 * rb, bright
            )

    def _capsule(self, a: Spot, ra: float, b: Spot, rb: float, paint: Any) -> None:
        canvas = self.frame.canvas
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = hypot(dx, dy)
        canvas.drawCircle(a[0], a[1], ra, paint)
        canvas.drawCircle(b[0], b[1], rb, paint)
        if length > 1e-5:
            nx, ny = -dy / length, dx / length
            corners = [(a[0] + nx * ra, a[1] + ny * ra), (b[0] + nx * rb, b[1] + ny * rb)]
            corners += [(b[0] - nx * rb, b[1] - ny * rb), (a[0] - nx * ra, a[1] - ny * ra)]
            canvas.drawPath(outline(corners), paint)

    def shape(self, points: list[Spot], own: Colour, lit: float = 0.5, smooth: bool = True) -> None:
        """A closed shape."""
        path = curve(points, True) if smooth else outline(points)
        self.frame.canvas.drawPath(path, self.paint(own, lit))

    def oval(self, centre: Spot, rx: float, ry: float, own: Colour, lit: float = 0.5) -> None:
        """An ellipse; radii in metres."""
        import skia

        rx, ry = rx * self.per, ry * self.per
        where = skia.Rect.MakeLTRB(centre[0] - rx, centre[1] - ry, centre[0] + rx, centre[1] + ry)
        self.frame.canvas.drawOval(where, self.paint(own, lit))

    def stroke(self, points: list[Spot], width: float, own: Colour, lit: float = 0.5) -> None:
        """A line; width in metres."""
        tint = self.flat if self.flat is not None else self.frame.light.figure(own, self.z, lit)
        self.frame.canvas.drawPath(curve(points), line(tint, width * self.per, self.alpha))


def draw_figure(frame: Frame, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Draw a posed figure: first its rim of light, then itself."""
    z = float(made.pelvis[2])
    _, _, per = frame.view.project(0.0, 0.0, z)
    size = made.scale * float(per)
    light = frame.light
    rim = 0.0035 * min(size / 0.3, 1.5)
    if size > 0.08 and not frame.reflecting:
        tint = mix(light.palette.key, light.palette.haze, light.haze(z))
        body = Brush(
            frame,
            z,
            float(per),
            flat=tint,
            shift=(rim * (0.8 if light.side > 0 else -0.8), -rim * 0.7),
            alpha=0.22 + 0.6 * light.backlit + 0.2 * light.dark,
        )
        _parts(body, made, outfit, seed, wind)
    _parts(Brush(frame, z, float(per)), made, outfit, seed, wind)


def _parts(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Back to front: far limbs, clothes, near limbs."""
    near_leg = int(made.knees[1][2] < made.knees[0][2])
    near_arm = int(made.elbows[1][2] + made.wrists[1][2] < made.elbows[0][2] + made.wrists[0][2])
    depth = [float((made.elbows[k] + made.wrists[k] - 2 * made.chest) @ np.array([0, 0, 1.0])) for k in (0, 1)]
    facing = -float(made.face[2])
    if outfit.hair_length > 0.3 and facing > 0:
        _hair_fall(brush, made, outfit, seed, wind)
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
    _head(brush, made, outfit, seed, wind)
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
    if outfit.fins:
        tip = brush.at(made.toes[k] + (made.toes[k] - made.ankles[k]) * 0.9)
        brush.limb(ankle, 0.022 * s, tip, 0.03 * s, outfit.shoes, lit)
        return
    brush.limb(ankle, 0.021 * s, heel, 0.019 * s, outfit.shoes, lit - 0.05)
    brush.limb(heel, 0.018 * s, ball, 0.022 * s, outfit.shoes, lit - 0.05)
    brush.limb(ball, 0.022 * s, toe, 0.015 * s, outfit.shoes, lit - 0.05)
    brush.limb(ankle, 0.021 * s, ball, 0.02 * s, outfit.shoes, lit - 0.05)
    if outfit.wheels:
        for share in (0.0, 0.35, 0.7, 1.0):
            place = made.heels[k] * (1 - share) + made.toes[k] * share
            brush.oval(brush.at(place - UP * 0.012 * s), 0.014 * s, 0.014 * s, (0.95, 0.6, 0.3), 0.5)


def _arm(brush: Brush, made: Pose, outfit: Outfit, k: int, shade: float) -> None:
    s = made.scale
    shoulder, elbow, wrist, tip = (brush.at(j[k]) for j in (made.shoulders, made.elbows, made.wrists, made.hands))
    own = outfit.skin if outfit.bare_arms else outfit.top
    lit = 0.5 + shade
    loose = outfit.sleeves
    brush.limb(shoulder, (0.03 + 0.006 * loose) * s, elbow, (0.022 + 0.008 * loose) * s, own, lit)
    brush.limb(elbow, (0.022 + 0.008 * loose) * s, wrist, (0.0145 + 0.014 * loose) * s, own, lit)
    palm = (wrist[0] + 0.5 * (tip[0] - wrist[0]), wrist[1] + 0.5 * (tip[1] - wrist[1]))
    dx, dy = tip[0] - wrist[0], tip[1] - wrist[1]
    bend = 0.22 * (1 if k else -1)
    end = (palm[0] + 0.5 * dx - bend * 0.5 * dy, palm[1] + 0.5 * dy + bend * 0.5 * dx)
    thumb = (wrist[0] + 0.45 * dx - 0.28 * dy * (1 if k else -1), wrist[1] + 0.45 * dy + 0.28 * dx * (1 if k else -1))
    brush.limb(wrist, 0.014 * s, palm, 0.018 * s, outfit.skin, lit)
    brush.limb(palm, 0.0165 * s, end, 0.008 * s, outfit.skin, lit)
    brush.limb(wrist, 0.01 * s, thumb, 0.0065 * s, outfit.skin, lit)


def _torso(brush: Brush, made: Pose, outfit: Outfit) -> None:
    s, per = made.scale, brush.per
    chest, pelvis = brush.at(made.chest), brush.at(made.pelvis)
    pair = sorted([brush.at(j) for j in made.shoulders])
    hips = sorted([brush.at(j) for j in made.hips])
    waist = (chest[0] * 0.42 + pelvis[0] * 0.58, chest[1] * 0.42 + pelvis[1] * 0.58)
    narrow = (0.058 if outfit.slim else 0.076) * s * per
    deep = 0.03 * s * per
    left = [
        (pair[0][0] - deep, pair[0][1] + deep * 0.2),
        (waist[0] - narrow, waist[1]),
        (hips[0][0] - 0.05 * s * per, hips[0][1] + 0.01 * s * per),
    ]
    right = [
        (pair[1][0] + deep, pair[1][1] + deep * 0.2),
        (waist[0] + narrow, waist[1]),
        (hips[1][0] + 0.05 * s * per, hips[1][1] + 0.01 * s * per),
    ]
    ribs = (0.07 if outfit.slim else 0.08) * s * per
    bust = (chest[0] * 0.7 + pelvis[0] * 0.3, chest[1] * 0.7 + pelvis[1] * 0.3)
    left.insert(1, (min(left[0][0] + deep * 0.7, bust[0] - ribs), bust[1]))
    right.insert(1, (max(right[0][0] - deep * 0.7, bust[0] + ribs), bust[1]))
    under = (pelvis[0], pelvis[1] + 0.06 * s * per)
    neck = (chest[0], chest[1] - 0.035 * s * per)
    points = [neck, *left, under, *right[::-1]]
    head = brush.at(made.head)
    brush.limb(
        (chest[0], chest[1] + 0.01 * s * per),
        0.03 * s,
        (chest[0] * 0.4 + head[0] * 0.6, chest[1] * 0.4 + head[1] * 0.6),
        0.024 * s,
        outfit.skin,
        0.35,
    )
    brush.shape(points, outfit.top, 0.42)
    if brush.flat is None:
        side = 1.0 if brush.frame.light.side > 0 else -1.0
        edge = right if side > 0 else left
        inner = [(x * 0.45 + waist[0] * 0.55, y) for x, y in edge]
        brush.shape([*edge, *inner[::-1]], outfit.top, 0.78)
        if outfit.open_front and -float(made.chest_way[2]) > 0.1:
            shift = float(made.chest_way[0]) * 0.05 * s * per
            brush.shape([(neck[0] - 0.03 * s * per, neck[1] + 0.012 * s * per), (waist[0] + shift, waist[1]), (neck[0] + 0.03 * s * per, neck[1] + 0.012 * s * per)], outfit.accent, 0.5, smooth=False)  # fmt: skip
        if outfit.belt:
            brush.stroke([(waist[0] - narrow, waist[1] + narrow * 0.2), (waist[0], waist[1] + narrow * 0.35), (waist[0] + narrow, waist[1] + narrow * 0.2)], 0.02 * s, outfit.accent, 0.4)  # fmt: skip


def _head(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    s = made.scale
    r = HEAD * s
    head = brush.at(made.head)
    per = brush.per
    fx, facing = float(made.face[0]), -float(made.face[2])
    away = facing < -0.4
    if outfit.hood:
        brush.oval((head[0], head[1] - 0.1 * r * per), 1.12 * r, 1.22 * r, outfit.top, 0.5)
    elif not away:
        brush.oval((head[0] - 0.16 * fx * r * per, head[1] - 0.14 * r * per), 1.0 * r, 1.06 * r, outfit.hair, 0.45)
    if away:
        brush.oval(head, 0.86 * r, 1.06 * r, outfit.hair if not outfit.hood else outfit.top, 0.45)
    else:
        _face(brush, made, outfit, head, r, fx, facing)
    if outfit.hat:
        _hat(brush, outfit, head, r)
    if outfit.bun and not outfit.hood and not outfit.hat:
        brush.oval(
            (head[0] - 0.75 * fx * r * per, head[1] - (0.85 - 0.2 * abs(fx)) * r * per),
            0.42 * r,
            0.4 * r,
            outfit.hair,
            0.5,
        )
    if outfit.hair_length > 0.3 and facing <= 0:
        _hair_fall(brush, made, outfit, seed, wind)


def _face(brush: Brush, made: Pose, outfit: Outfit, head: Spot, r: float, fx: float, facing: float) -> None:
    per = brush.per
    cx, cy = head[0] + 0.16 * fx * r * per, head[1] + 0.08 * r * per
    wide = 0.74 + 0.08 * facing
    brush.oval((cx, cy - 0.06 * r * per), wide * r, 0.88 * r, outfit.skin, 0.5)
    brush.oval((cx + 0.04 * fx * r * per, cy + 0.42 * r * per), 0.5 * wide * r, 0.52 * r, outfit.skin, 0.5)
    if brush.flat is not None:
        return
    side = 1.0 if brush.frame.light.side > 0 else -1.0
    brush.oval((cx + side * 0.2 * r * per, cy + 0.05 * r * per), 0.42 * wide * r, 0.7 * r, outfit.skin, 0.72)
    if abs(fx) > 0.3:
        nose = cx + (0.72 * wide * r * per) * (1 if fx > 0 else -1)
        tip = 0.16 * r * per * (1 if fx > 0 else -1)
        brush.shape([(nose - tip * 0.8, cy - 0.12 * r * per), (nose + tip * (0.5 * abs(fx)), cy + 0.16 * r * per), (nose - tip * 0.8, cy + 0.22 * r * per)], outfit.skin, 0.62, smooth=False)  # fmt: skip
    fringe = [(cx - wide * r * per, cy - 0.28 * r * per), (cx - 0.5 * r * per, cy - 0.62 * r * per), (cx + 0.2 * r * per, cy - 0.5 * r * per), (cx + wide * r * per, cy - 0.3 * r * per), (cx + 0.6 * wide * r * per, cy - 1.0 * r * per), (cx - 0.6 * wide * r * per, cy - 1.0 * r * per)]  # fmt: skip
    if not outfit.hood:
        brush.shape(fringe, outfit.hair, 0.5)
    if r * per > 0.011:
        eyes = [sx for sx in (-0.33, 0.33) if abs(sx + 0.42 * fx) < 0.72]
        dark = scaled(outfit.hair, 0.45)
        for sx in eyes:
            x = cx + (sx * (0.6 + 0.4 * facing) + 0.36 * fx) * r * per
            brush.oval((x, cy + 0.06 * r * per), 0.085 * r, 0.12 * r, dark, 0.2)
            inner, outer = (0.1, -0.13) if sx < 0 else (-0.1, 0.13)
            brush.stroke([(x + inner * r * per, cy - 0.15 * r * per), (x + outer * r * per, cy - 0.12 * r * per)], 0.04 * r, dark, 0.3)
        mouth = cx + 0.4 * fx * r * per
        brush.stroke([(mouth - 0.14 * r * per, cy + 0.5 * r * per), (mouth, cy + 0.56 * r * per), (mouth + 0.14 * r * per, cy + 0.5 * r * per)], 0.06 * r, mix(outfit.skin, (0.6, 0.1, 0.15), 0.5), 0.4)  # fmt: skip
    if outfit.mask:
        brush.shape([(cx - wide * r * per, cy + 0.18 * r * per), (cx + wide * r * per, cy + 0.18 * r * per), (cx + 0.5 * wide * r * per, cy + 0.9 * r * per), (cx - 0.5 * wide * r * per, cy + 0.9 * r * per)], outfit.accent, 0.5)  # fmt: skip
    if outfit.goggles:
        brush.oval((cx + 0.25 * fx * r * per, cy), 0.66 * r, 0.3 * r, (0.1, 0.3, 0.4), 0.9)


def _hat(brush: Brush, outfit: Outfit, head: Spot, r: float) -> None:
    k = r * brush.per
    brim, crown = head[1] - 0.5 * k, head[1] - 1.25 * k
    brush.oval((head[0], brim), 1.75 * r, 0.3 * r, outfit.accent, 0.4)
    brush.shape(
        [
            (head[0] - 0.85 * k, brim),
            (head[0] - 0.66 * k, crown),
            (head[0] + 0.66 * k, crown),
            (head[0] + 0.85 * k, brim),
        ],
        outfit.accent,
        0.55,
    )


def _hair_fall(brush: Brush, made: Pose, outfit: Outfit, seed: int, wind: float) -> None:
    """Long hair: it hangs from the back of the head, lags in turns and blows in the wind."""
    s, t = made.scale, brush.frame.t
    back = made.head - unit(made.face) * 0.55 * HEAD * s
    side = np.cross(UP, unit(made.face))
    lag = -0.05 * made.spin * side * s
    blow = np.array([1.0, 0.0, 0.0]) * wind * 0.12 * s * (1 + 0.5 * float(wander(seed, t * 1.7)))
    length = outfit.hair_length * 0.32 * s
    lines = []
    for share in np.linspace(0, 1, 5):
        wave = 0.014 * s * sin(5 * share - 6 * t) * share
        lines.append(back - UP * length * share + (lag + blow) * share**1.5 + side * wave - unit(made.face) * 0.02 * s)
    spots = [brush.at(j) for j in lines]
    widths = [0.062 * s * (1.0 - 0.72 * share**1.6) for share in np.linspace(0, 1, 5)]
    left = [(x - w * brush.per, y) for (x, y), w in zip(spots, widths, strict=True)]
    right = [(x + w * brush.per, y) for (x, y), w in zip(spots, widths, strict=True)]
    brush.shape([*left, *right[::-1]], outfit.hair, 0.42)


@dataclass(slots=True)
class Skirt:
    """The lower part of a dress, coat or robe as a ring of cloth in space: waist and hem, (n, 3) metres."""

    waist: Floats
    hem: Floats
    phase: Floats

    @classmethod
    def of(cls, made: Pose, outfit: Outfit, seed: int, wind: float, t: float) -> Skirt:
        """Cloth hangs from the hips, is pushed out by the knees, flares with a spin, lags behind and blows."""
        s, n = made.scale, 28
        angles = np.linspace(0, 2 * pi, n, endpoint=False)
        spin = min(abs(made.spin) / 9.0, 1.0)
        length = outfit.skirt * s * (1 - 0.3 * spin)
        radius = s * (0.088 + outfit.flare * (0.14 + 0.30 * spin))
        ripple = 1 + 0.13 * outfit.flare * np.sin(7 * angles + 2.2 * t + seed % 7) + 0.06 * np.sin(3 * angles - 3 * t)
        ring = np.stack([np.cos(angles), np.zeros(n), np.sin(angles)], 1)
        drift = (
            np.array([wind * 0.1 * s * (1 + 0.6 * float(wander(seed + 8, t * 1.3))), 0, 0])
            - made.chest_way * 0.05 * min(made.speed, 3.0) * s
        )
        hem = made.pelvis - UP * length + ring * (radius * ripple)[:, None] + drift * (outfit.skirt / 0.4)
        hem[:, 1] += 0.03 * s * np.sin(angles * 2 - made.spin * 0.4) * (0.3 + spin)
        for knee, ankle in zip(made.knees, made.ankles, strict=True):
            inside = knee if outfit.skirt < 0.34 else 0.5 * (knee + ankle)
            push = (inside - made.pelvis) * np.array([1, 0, 1])
            reach = float(np.hypot(push[0], push[2]))
            if reach > 1e-3:
                along = ring @ (push / reach)
                need = np.clip(along, 0, 1) ** 2 * (reach + 0.05 * s) - np.clip(
                    (hem - made.pelvis - drift) @ (push / reach), 0, None
                )
                hem += (push / reach)[None, :] * np.clip(need, 0, 0.5 * s)[:, None]
                hem[:, 1] += np.clip(need, 0, 0.3 * s) * 0.25
        hem[:, 1] = np.maximum(hem[:, 1], 0.02 * s)
        waist = made.pelvis + UP * 0.05 * s + ring * (0.066 if outfit.slim else 0.085) * s
        return cls(waist, hem, angles)

    def _halves(self) -> tuple[list[int], list[int]]:
        middle = float(self.hem[:, 2].mean())
        return [k for k in range(len(self.hem)) if self.hem[k, 2] <= middle], [
            k for k in range(len(self.hem)) if self.hem[k, 2] > middle
        ]

    def back(self, brush: Brush, outfit: Outfit) -> None:
        """The far half, seen from inside."""
        _, far = self._halves()
        hem = [brush.at(self.hem[k]) for k in far]
        waist = [brush.at(self.waist[k]) for k in far]
        brush.shape([*hem, *waist[::-1]], scaled(outfit.cloth, 0.55), 0.3, smooth=False)

    def front(self, brush: Brush, outfit: Outfit) -> None:
        """The near half with its folds; a coat is open in front."""
        near, _ = self._halves()
        near.sort(key=lambda k: float(self.hem[k, 0]))
        hem = [brush.at(self.hem[k]) for k in near]
        waist = [brush.at(self.waist[k]) for k in near]
        top = sorted(waist)
        brush.shape([top[0], *hem, top[-1]], outfit.cloth, 0.45, smooth=False)
        if brush.flat is not None:
            return
        side = 1.0 if brush.frame.light.side > 0 else -1.0
        for a, b in zip(range(len(near) - 1), range(1, len(near)), strict=True):
            fold = cos(7 * float(self.phase[near[a]]) + 2.2 * brush.frame.t)
            place = (a + 0.5) / len(near) * 2 - 1
            lit = max(0.05, min(1.0, 0.45 + 0.3 * side * place + 0.22 * fold))
            quad = [waist[a], waist[b], hem[b], hem[a]]
            brush.frame.canvas.drawPath(outline(quad), brush.paint(outfit.cloth, lit))
        if outfit.trim:
            brush.stroke(hem, 0.018 * 1.7, outfit.accent, 0.7)
