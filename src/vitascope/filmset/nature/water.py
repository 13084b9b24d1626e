"""Water and wet ground: a mirror of everything that stands, broken by waves in true perspective.

One shader serves the sea, a flooded floor, puddles on cobbles and polished tiles; they differ in numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import skia

from vitascope.filmset.canvas.paint import SMOOTH, image, surface
from vitascope.filmset.canvas.palette import Colour, mix
from vitascope.filmset.canvas.texture import TILE, noise
from vitascope.filmset.nature.land import FLOOR_DEPTH
from vitascope.filmset.stage.backlot import Backlot, Frame
from vitascope.filmset.stage.site import FOCAL

LARGE = 700
"""From this picture height on, water is drawn at half size (in quick frames a third, below it a half): it is soft."""

SHADER = """
uniform shader mirror;
uniform shader waves;
uniform float2 frame;      // half ratio, mirror pixels in a picture height
uniform float4 eye;        // horizon v, eye height * focal, camera x, camera z
uniform float2 moved;      // pan, wave size
uniform float4 drift;      // offsets of the two wave fields, in texels
uniform float3 look;       // roughness, mirror near, mirror far
uniform float4 sheen;      // u of the glint, width, strength, puddle threshold
uniform float3 deep;
uniform float3 shine;
uniform float3 far;
uniform float hazing;

half4 main(float2 p) {
    float w = max(p.y - eye.x, 0.0006);
    float z = eye.y / w;
    float x = (p.x + moved.x) * z / 1.25 + eye.z;
    z += eye.w;
    float2 g = float2(x, z) * moved.y;
    half4 a = waves.eval(g * float2(1.0, 1.9) + drift.xy);
    half4 b = waves.eval(g.yx * float2(2.6, 1.5) + drift.zw);
    float2 n = float2(a.r + b.g - 1.0, a.g + b.r - 1.0);
    float calm = smoothstep(0.0, 0.10, w);
    float reach = look.x * (0.012 + 0.16 * w);
    float2 q = float2(p.x + n.x * reach * 0.7, p.y + n.y * reach * (0.6 + calm) - reach * 0.25);
    float2 m = (q + float2(frame.x, 0.0)) * frame.y;
    m.y = max(m.y, (eye.x + 0.0008) * frame.y);
    float smear = ((0.008 + 0.125 * w) * look.x + 0.004) * frame.y;
    float2 along = float2(0.0, smear);
    half4 r = mirror.eval(m) * 0.5 + mirror.eval(m + along) * 0.3 + mirror.eval(m - along) * 0.2;
    float facing = mix(look.z, look.y, smoothstep(0.0, 0.42, w));
    facing = clamp(facing + 0.22 * n.y * look.x, 0.0, 1.0);
    float3 c = mix(deep * (1.0 + 0.25 * n.x * look.x), float3(r.rgb), facing);
    //ENDING
}
"""
OPEN = """
    float aside = (p.x - sheen.x) / (sheen.y * (0.4 + 2.2 * w));
    float bright = clamp(0.5 + 0.62 * n.y + 0.4 * n.x, 0.0, 1.0);
    float spark = bright * bright * bright;
    c += shine * exp(-aside * aside) * spark * spark * bright * sheen.z;
    c = mix(c, far, hazing * exp(-w * 26.0));
    return half4(half3(clamp(c, 0.0, 1.0)), 1.0);
"""
SHALLOW = """
    float puddle = smoothstep(sheen.w - 0.05, sheen.w + 0.09, waves.eval(float2(x, z) * 23.0 + 91.0).b);
    float cover = facing * (0.25 + 0.75 * puddle);
    return half4(half3(clamp(c, 0.0, 1.0)) * cover, cover);
"""


@lru_cache(maxsize=2)
def _effect(covers: bool) -> Any:
    """The shader of open water, or of water that lies on the ground in puddles; only what each needs."""
    return skia.RuntimeEffect.MakeForShader(SHADER.replace("//ENDING", OPEN if covers else SHALLOW))


@lru_cache(maxsize=2)
def _waves(seed: int) -> Any:
    """Three noises in one tile: slopes along both axes and a mask of puddles."""
    layer = np.full((TILE, TILE, 4), 255, np.uint8)
    for channel, slope, gain in ((2, 1.25, 0.17), (1, 1.25, 0.17), (0, 1.7, 0.16)):
        layer[..., channel] = np.clip(0.5 + gain * noise(seed + channel, slope), 0, 1) * 255
    return image(layer)


@dataclass(slots=True)
class Water:
    """A plane of water or wet ground. `cover` 1 hides the ground, 0 lies on it in puddles; `rough` 0 still .. 1 sea."""

    z: float
    rough: float
    near: float
    far: float
    cover: float
    deep: Colour
    shine: Colour
    glint: tuple[float, float]
    scale: float
    wind: float
    puddles: float
    seed: int
    edge: float = 0.0
    mirrored: bool = False
    needs_mirror: bool = True

    def draw(self, frame: Frame) -> None:
        """Fill everything below the horizon."""
        view = frame.view
        top = view.horizon
        if top >= 1.0 or frame.mirror is None:
            return
        half = frame.ratio / 2
        if self.edge:
            top = view.ground(self.edge)
        where = skia.Rect.MakeLTRB(-half, max(top, 0.0), half, 1.0)
        paint = skia.Paint(Shader=self._shader(frame))
        smaller = (2 if frame.height >= LARGE else 1) + frame.quick
        if smaller == 1:
            frame.canvas.drawRect(where, paint)
            return
        across = down = frame.height / smaller
        first = int(where.top() * down)
        small = surface(int(frame.ratio * across + 0.75), int(down) - first)
        canvas = small.getCanvas()
        canvas.scale(across, down)
        canvas.translate(half, -first / down)
        canvas.drawRect(where, paint)
        whole = skia.Rect.MakeLTRB(
            -half, first / down, -half + small.width() / across, first / down + small.height() / down
        )
        frame.canvas.drawImageRect(small.makeImageSnapshot(), whole, SMOOTH)

    def _shader(self, frame: Frame) -> Any:
        view, state, p = frame.view, frame.view.state, frame.light.palette
        builder = skia.RuntimeShaderBuilder(_effect(self.cover > 0))
        smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
        clamp, repeat = skia.TileMode.kClamp, skia.TileMode.kRepeat
        builder.setChild("mirror", frame.mirror.makeShader(clamp, clamp, smooth))
        builder.setChild("waves", _waves(self.seed % 5).makeShader(repeat, repeat, smooth))
        speed = (10 + 26 * self.wind) * frame.t
        flashing = frame.light.flash(frame.t)[0]
        far = mix(p.haze, mix(p.low, p.glow, 0.3), 0.5)
        builder.setUniform("frame", skia.V2(frame.ratio / 2, frame.height / 2))
        builder.setUniform("eye", skia.V4(view.horizon, FOCAL * (view.lens.eye + state.y), state.x, state.z))
        builder.setUniform("moved", skia.V2(state.pan, self.scale / view.lens.eye))
        builder.setUniform("drift", skia.V4(speed, -0.7 * speed, -0.6 * speed, 0.8 * speed))
        builder.setUniform("look", skia.V3(self.rough, self.near, self.far))
        orb_u, width = self.glint
        builder.setUniform("sheen", skia.V4(orb_u - state.pan, width, 0.9 if width > 0 else 0.0, self.puddles))
        builder.setUniform("deep", skia.V3(*mix(self.deep, (0.8, 0.85, 1.0), 0.3 * flashing)))
        builder.setUniform("shine", skia.V3(*self.shine))
        builder.setUniform("far", skia.V3(*far))
        builder.setUniform("hazing", float(0.8 * self.cover))
        return builder.makeShader()


def water(lot: Backlot, rough: float = 0.6, near: float = 0.35, far: float = 0.9, edge: float = 0.0) -> None:
    """Water from the horizon (or an `edge`, hero distances away) to the viewer."""
    light, p = lot.light, lot.palette
    wind = lot.scene.wind
    glint = (light.orb.u, 0.16) if light.orb else (0.0, 0.0)
    lot.add(
        Water(
            z=lot.z(edge or FLOOR_DEPTH),
            rough=rough * (0.6 + 0.8 * wind),
            near=near,
            far=far,
            cover=1.0,
            deep=p.deep,
            shine=mix(p.key, p.glow, 0.5),
            glint=glint,
            scale=26.0,
            wind=wind,
            puddles=0.0,
            seed=lot.seed("water"),
            edge=lot.z(edge) if edge else 0.0,
        )
    )


def puddles(lot: Backlot, gloss: float = 0.7, still: float = 0.12, share: float = 0.5, edge: float = 0.0) -> None:
    """Wet or polished ground over the floor: `share` of it mirrors well; with `edge` it ends where the floor does."""
    p = lot.palette
    lot.add(
        Water(
            z=lot.z(edge or FLOOR_DEPTH) * 0.99,
            rough=still,
            near=gloss * 0.75,
            far=gloss,
            cover=0.0,
            deep=p.deep,
            shine=p.key,
            glint=(0.0, 0.0),
            scale=40.0,
            wind=0.1,
            puddles=1.0 - share,
            seed=lot.seed("puddles"),
            edge=lot.z(edge) if edge else 0.0,
        )
    )
