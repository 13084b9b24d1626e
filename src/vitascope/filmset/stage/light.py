"""One light for everything in a scene: palette, direction of the key, haze by distance, lamps, lightning.

Any surface asks `tone(own colour, distance)`; so any setting works at any time and in any weather, and any subject
stands in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from vitascope.filmset.canvas.palette import Colour, Palette, mix, palette, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.scene.scene import Glow, Scene, Setting, Time, Weather
from vitascope.filmset.stage.pulse import flash
from vitascope.filmset.stage.site import SITES, Lens, indoor
from vitascope.values import Timing

# How far one sees: in this many hero distances the haze takes 63 % of a surface's own colour.
SIGHT = {
    Weather.CLEAR: 26.0,
    Weather.WIND: 22.0,
    Weather.RAIN: 9.0,
    Weather.SNOW: 8.0,
    Weather.FOG: 3.2,
    Weather.STORM: 8.0,
}
DARKNESS = {Time.DAWN: 0.35, Time.DAY: 0.0, Time.SUNSET: 0.45, Time.NIGHT: 1.0}
"""How dark it is, 0 day .. 1 night."""
STORM_DARKENS = 0.35
INDOORS_AT_LEAST, INDOORS_AT_MOST = 0.45, {Setting.HALL: 0.6, Setting.TUNNEL: 0.6}
UNDER_WATER_SIGHT = 0.35  # of the sight in air
BACKLIT, FRONTLIT = 0.7, 0.2  # rim light of a low and of a high sun
INDOOR_SIDE = 0.6  # where the key comes from, to either side, if there is no sun
MOON_RADIUS, SUN_RADIUS, LOW_SUN_RADIUS = 0.048, 0.035, 0.05  # picture heights
MOON_V, SUN_V, SUN_OVER_HORIZON = 0.19, 0.1, 0.13  # picture heights from the top; above the horizon


@dataclass(frozen=True, slots=True)
class Orb:
    """Sun or moon at rest: place (u, v), radius, and whether it is a moon."""

    u: float
    v: float
    radius: float
    moon: bool


@dataclass(frozen=True, slots=True)
class Light:
    """The light of a scene. `side` is where the key comes from, -1 left .. 1 right; `dark` 0 (day) .. 1 (night);
    `scatter` 0..1 is how far the air spreads a lamp's light: fog in the dark."""

    scene: Scene
    seconds: float
    palette: Palette
    orb: Orb | None
    side: float
    dark: float
    sight: float
    hero: float
    backlit: float
    scatter: float = 0.0

    def haze(self, z: float) -> float:
        """How much of a surface at z metres is lost in the air, 0..1."""
        depth = max(z / self.hero - 0.9, 0.0) / self.sight
        # Fog at night is lit by lamps from within, so that houses and hills stand before it as dark shapes.
        return (1 - 0.3 * self.scatter) * (0.84 + 0.14 * min(1.0, 6.0 / self.sight)) * (1 - exp(-(depth**0.62)))

    def tone(self, own: Colour, z: float, lit: float = 0.5) -> Colour:
        """A surface's colour at z metres; `lit` 0 turned away from the key .. 1 facing it."""
        colours = self.palette
        level = 0.7 + 0.3 * (1 - self.dark)
        shade = [
            o * (0.62 * f + lit * k * (0.72 - 0.3 * self.backlit)) * level
            for o, f, k in zip(own, colours.fill, colours.key, strict=True)
        ]
        seen = (min(shade[0], 1.0), min(shade[1], 1.0), min(shade[2], 1.0))
        return mix(seen, colours.haze, self.haze(z))

    def figure(self, own: Colour, z: float, lit: float = 0.5) -> Colour:
        """A hero's surface: as any other, with the lamp a film crew would add in the dark."""
        return scaled(self.tone(own, z, lit), 1.0 + 0.7 * self.dark)

    def fade(self, own: Colour, z: float) -> Colour:
        """A glowing thing's colour at z metres: only the air takes from it."""
        return mix(own, self.palette.haze, 0.7 * self.haze(z))

    def lamp(self, own: Colour) -> Colour:
        """A lamp's light: strong in the dark, weak by day."""
        return scaled(own, 0.35 + 0.65 * self.dark)

    def flash(self, t: float) -> tuple[float, float, float]:
        """Lightning: (brightness 0..1, where -1..1, age s)."""
        return flash(self.scene, self.seconds, t)


def light(scene: Scene, lens: Lens, timing: Timing) -> Light:
    """The light of a scene seen through a lens."""
    site = SITES[scene.setting]
    inside = indoor(scene)
    orb = None if inside or site.under_water else _orb(scene, lens)
    side = 0.0 if orb is None else max(-1.0, min(1.0, orb.u / (0.25 * max(lens.ratio, 0.5))))
    if orb is None:
        side = INDOOR_SIDE if random_stream(scene.seed, "side").random() < 0.5 else -INDOOR_SIDE
    dark = DARKNESS[scene.time]
    if scene.weather is Weather.STORM:
        dark = min(1.0, dark + STORM_DARKENS)
    if inside:
        dark = min(max(dark, INDOORS_AT_LEAST), INDOORS_AT_MOST.get(scene.setting, 1.0))
    low = scene.time in (Time.SUNSET, Time.DAWN, Time.NIGHT)
    sight = SIGHT[scene.weather] * (UNDER_WATER_SIGHT if site.under_water else 1.0)
    # An alley needs no help: its lamps fill it.
    open_air = not (inside or site.under_water or scene.setting is Setting.ALLEY)
    scatter = dark if scene.weather is Weather.FOG and open_air else 0.0
    backlit = BACKLIT if low and orb else FRONTLIT
    colours = palette(scene)
    return Light(
        scene=scene,
        seconds=float(timing.seconds),
        palette=colours,
        orb=orb,
        side=side,
        dark=dark,
        sight=sight,
        hero=lens.hero,
        backlit=backlit,
        scatter=scatter,
    )


def _orb(scene: Scene, lens: Lens) -> Orb:
    rng = random_stream(scene.seed, "orb")
    wide = min(lens.ratio, 1.8) / 1.8
    side = 1.0 if rng.random() < 0.5 else -1.0
    jitter = float(rng.uniform(-0.05, 0.05))
    if scene.time is Time.NIGHT or Glow.MOON in scene.glows:
        return Orb(side * (0.34 + jitter) * wide, MOON_V + jitter * 0.5, MOON_RADIUS, True)
    if scene.time is Time.DAY:
        return Orb(side * (0.5 + jitter) * wide, SUN_V + jitter, SUN_RADIUS, False)
    return Orb(side * (0.2 + 2 * jitter) * wide, lens.horizon - SUN_OVER_HORIZON + jitter, LOW_SUN_RADIUS, False)
