"""The sky: gradient, sun or moon with its glow, stars, clouds in perspective, lightning."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from vitascope.filmset.canvas.paint import PLUS, argb, box, fade, fill, glow, halo, image, line, outline
from vitascope.filmset.canvas.palette import Palette, mix, scaled
from vitascope.filmset.canvas.random_streams import lattice, random_stream
from vitascope.filmset.canvas.texture import noise, sample
from vitascope.filmset.scene.scene import Glow, Time, Weather
from vitascope.filmset.stage.backlot import FAR, Area, Backlot, Baked, Finish, Frame
from vitascope.filmset.stage.light import Orb

CLOUD_SPEED, CLOUD_SPEED_WIND = 0.004, 0.012  # picture heights a second
STAR_CELL = 0.05  # picture heights; one star at most in each
STARLESS = 0.35  # share of the cells without a star
TWINKLING = 26  # bright stars that twinkle
SUN_VEIL = {
    Weather.CLEAR: 1.0,
    Weather.WIND: 0.9,
    Weather.SNOW: 0.4,
    Weather.RAIN: 0.25,
    Weather.STORM: 0.12,
    Weather.FOG: 0.5,
}
"""How much of sun and moon is seen through the weather."""
STAR_VEIL, STARS_HIDDEN = {Weather.CLEAR: 1.0, Weather.WIND: 0.8, Weather.SNOW: 0.25}, 0.08
"""How much of the stars is seen through the weather, and in any other."""

COVER = {
    Weather.CLEAR: 0.42,
    Weather.WIND: 0.55,
    Weather.RAIN: 0.85,
    Weather.SNOW: 0.8,
    Weather.FOG: 0.6,
    Weather.STORM: 1.0,
}


def sky(lot: Backlot, clouds: float = 1.0) -> None:
    """Everything behind the world. `clouds` scales their cover."""
    lot.bake(FAR, lambda canvas, area: _heaven(lot, canvas, area), mirrored=True, finish=Finish(texture=0.0))
    if lot.scene.time is Time.NIGHT and lot.scene.weather in (Weather.CLEAR, Weather.WIND):
        lot.live(FAR * 0.99, lambda frame: _twinkle(lot, frame), mirrored=False)
    if clouds > 0:
        _clouds(lot, COVER[lot.scene.weather] * clouds)
    if lot.scene.weather is Weather.STORM:
        lot.live(FAR * 0.5, lambda frame: _lightning(lot, frame))


def _heaven(lot: Backlot, canvas: Any, area: Area) -> None:
    p, horizon = lot.palette, lot.lens.horizon
    top = min(area.top, -0.02)
    span = 1.0 - top

    def at(v: float) -> float:
        return (v - top) / span

    stops = [
        (0.0, p.zenith, 1.0),
        (at(horizon * 0.45), p.high, 1.0),
        (at(horizon * 0.86), p.low, 1.0),
        (at(horizon), mix(p.low, p.glow, 0.55), 1.0),
        (1.0, p.haze, 1.0),
    ]
    canvas.drawRect(box(area.left, area.top, area.right, area.bottom), fade((0, top), (0, 1.0), stops))
    if Glow.STARS in lot.scene.glows or lot.scene.time is Time.NIGHT:
        _stars(lot, canvas, area)
    if lot.light.orb:
        _orb(lot, canvas, lot.light.orb)


def _orb(lot: Backlot, canvas: Any, orb: Orb) -> None:
    p = lot.palette
    seen = SUN_VEIL[lot.scene.weather]
    if orb.moon:
        for radius, strength in ((0.75, 0.28), (0.28, 0.35)):
            canvas.drawPaint(halo(orb.u, orb.v, radius, p.cool if radius > 0.5 else p.key, strength * seen))
        _moon(canvas, orb, mix(p.key, (1, 1, 1), 0.55), seen)
        return
    wide = 1.3 if lot.scene.time is not Time.DAY else 0.9
    canvas.drawPaint(halo(orb.u, orb.v, wide, p.glow, 0.55 * (0.4 + 0.6 * seen)))
    canvas.drawPaint(halo(orb.u, orb.v, 0.38, p.key, 0.75 * seen))
    canvas.drawCircle(orb.u, orb.v, orb.radius, fill(mix(p.glow, (1, 1, 1), 0.65), seen))


def _moon(canvas: Any, orb: Orb, tint: tuple[float, float, float], seen: float) -> None:
    canvas.drawCircle(orb.u, orb.v, orb.radius, fill(tint, max(seen, 0.15)))
    shade = fill(scaled(tint, 0.78), 0.5 * seen)
    canvas.save()
    disc = skia.Path()
    disc.addCircle(orb.u, orb.v, orb.radius)
    canvas.clipPath(disc, doAntiAlias=True)
    for dx, dy, r in ((-0.3, -0.25, 0.34), (0.22, 0.1, 0.26), (-0.1, 0.42, 0.3), (0.4, -0.4, 0.16), (-0.55, 0.2, 0.2)):
        canvas.drawCircle(orb.u + dx * orb.radius, orb.v + dy * orb.radius, r * orb.radius, shade)
    canvas.restore()


def _stars(lot: Backlot, canvas: Any, area: Area) -> None:
    """Stars lie on a fixed grid of cells so that every picture shape shows the same ones."""
    veil = STAR_VEIL.get(lot.scene.weather, STARS_HIDDEN)
    many = 2 if Glow.STARS in lot.scene.glows else 1
    seed, cell = lot.seed("stars"), STAR_CELL / many
    for row in range(int(lot.lens.horizon / cell)):
        for column in range(int(area.left / cell) - 1, int(area.right / cell) + 1):
            a, b, c = lattice(seed, np.array([0, 1, 2]) + 3 * (column * 1009 + row)).tolist()
            if c < STARLESS:
                continue
            v = (row + b) * cell
            low = 1 - v / lot.lens.horizon
            size = 0.0005 + 0.0014 * (c - STARLESS) ** 4 * 5
            canvas.drawCircle(
                (column + a) * cell, v, size, fill((0.92, 0.95, 1), veil * (0.25 + 0.7 * c * c) * low**0.5)
            )


def _twinkle(lot: Backlot, frame: Frame) -> None:
    rng = random_stream(lot.scene.seed, "twinkle")
    _, du, dv = frame.view.plane(FAR)
    for u, v, rate, phase in rng.random((TWINKLING, 4)).tolist():
        bright = 0.5 + 0.5 * np.sin(frame.t * (2 + 4 * rate) + 6.28 * phase)
        x, y = (u - 0.5) * 2.6 + du, v * lot.lens.horizon * 0.8 + dv
        glow(frame.canvas, x, y, 0.006 + 0.006 * rate, (0.8, 0.88, 1.0), 0.75 * bright, quick=frame.quick)


def _clouds(lot: Backlot, cover: float) -> None:
    """Two depths of noise seen in perspective, lit from the side of the key; baked at half size, then they drift."""
    horizon = lot.lens.horizon
    speed = CLOUD_SPEED + CLOUD_SPEED_WIND * lot.scene.wind
    drift = speed if lot.light.side < 0 else -speed
    area, _ = lot.cover(FAR * 0.9, drift)
    per = max(120, lot.size.height // 2)
    bottom = horizon - 0.004
    if bottom <= area.top:
        return
    rows = int((bottom - area.top) * per)
    us = np.linspace(area.left, area.right, int(area.width * per))
    vs = np.linspace(area.top, bottom, rows)
    layer = _cloud_pixels(
        lot.palette, lot.seed("clouds", lot.scene.setting), us, vs, horizon, cover, lot.light.side, lot.light.orb
    )
    lot.add(Baked(FAR * 0.9, image(layer), Area(area.left, area.top, area.right, bottom), True, drift))


def _cloud_pixels(
    p: Palette, seed: int, us: Any, vs: Any, horizon: float, cover: float, side: float, orb: Orb | None
) -> NDArray[np.uint8]:
    above = np.maximum(horizon - vs, 0.004)[:, None]
    x = us[None, :] / (above + 0.22) * 0.16 + 0.31
    y = np.broadcast_to(0.05 / (above + 0.06), x.shape)
    field = noise(seed % 97, 1.55)
    fine = noise(seed % 89 + 100, 1.25)
    body = sample(field, x, y) + 0.35 * sample(fine, x * 2.7, y * 2.7)
    shifted = sample(field, x + 0.012 * np.sign(side), y + 0.008)
    density = 1 / (1 + np.exp(-(body - (1.15 - 1.9 * cover)) * 2.6))
    density *= np.clip(above / 0.035, 0, 1) * np.clip(1.25 - 0.5 * above / horizon, 0, 1) * (0.5 + 0.4 * cover)
    light = np.clip(0.5 + 0.55 * (body - shifted), 0, 1)
    if orb:
        near = np.exp(-np.hypot(us[None, :] - orb.u, (vs[:, None] - orb.v) * 1.5) / 0.4)
        light = np.clip(light * 0.75 + 0.5 * near, 0, 1)
    dark = np.asarray(mix(mix(p.high, p.fill, 0.5), p.zenith, 0.25))
    bright = np.asarray(mix(mix(p.key, p.glow, 0.5), p.low, 0.35))
    tint = dark + (bright - dark) * light[..., None]
    alpha = np.clip(density, 0, 0.92)
    out = np.empty((*alpha.shape, 4), np.uint8)
    out[..., 3] = alpha * 255
    out[..., :3] = tint[..., ::-1] * alpha[..., None] * 255
    return out


def _lightning(lot: Backlot, frame: Frame) -> None:
    bright, where, age = frame.light.flash(frame.t)
    if bright < 0.02:
        return
    canvas, half = frame.canvas, frame.ratio / 2
    _, du, dv = frame.view.plane(FAR)
    u = where * half * 0.8 + du
    canvas.drawPaint(skia.Paint(Color=argb((0.75, 0.82, 1.0), 0.32 * bright), BlendMode=PLUS))
    glow(canvas, u, 0.1 + dv, 0.7, (0.7, 0.78, 1.0), 0.6 * bright, quick=frame.quick)
    if age > 0.34:
        return
    for points, width in _bolt(lot.seed("bolt", round(frame.t - age, 3)), lot.lens.horizon):
        path = outline([(x + u, y + dv) for x, y in points], closed=False)
        canvas.drawPath(path, line((0.7, 0.78, 1.0), 5 * width, 0.25 * bright, PLUS))
        canvas.drawPath(path, line((0.96, 0.97, 1.0), width, bright))


@lru_cache(maxsize=16)
def _bolt(seed: int, ground: float) -> list[tuple[list[tuple[float, float]], float]]:
    """A bolt from the clouds to the ground, with branches: lists of points and their widths."""
    rng = random_stream(seed, "path")
    trunk = [(0.0, -0.05)]
    while trunk[-1][1] < ground:
        trunk.append((trunk[-1][0] + float(rng.normal(0, 0.018)), trunk[-1][1] + float(rng.uniform(0.012, 0.035))))
    found = [(trunk, 0.0035)]
    for start in rng.integers(3, max(len(trunk) - 2, 4), 4).tolist():
        x, y = trunk[min(start, len(trunk) - 1)]
        branch, lean = [(x, y)], float(rng.choice([-1, 1])) * 0.014
        for _ in range(int(rng.integers(4, 9))):
            branch.append(
                (branch[-1][0] + lean + float(rng.normal(0, 0.01)), branch[-1][1] + float(rng.uniform(0.008, 0.022)))
            )
        found.append((branch, 0.0016))
    return found
