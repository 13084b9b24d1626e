"""What figures wear: an outfit for every kind of subject, in the colour that was asked for or one of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vitascope.filmset.canvas.palette import Colour, colour, named, scaled
from vitascope.filmset.canvas.random_streams import random_stream
from vitascope.filmset.scene.scene import Action, Kind
from vitascope.filmset.stage.cast import Actor

SKINS = ("f0c8a8", "d8a078", "b87850", "8a5434", "f4d4bc", "a0683f")
STYLES = ("crop", "curls", "bob", "quiff", "parting")
"""Shapes of hair; long hair and a bun come on top of them."""
HAIRS = ("1c1614", "2c1c14", "4a2c18", "6c4424", "14141c", "8c5c2c")
CLOTHES = (
    *("a83c3c", "2c5a8c", "3c7a5c", "8c6a3c", "5c4a7c", "c08c3c", "3c4450", "7c3c58", "4c7c8c", "b0603c"),
    *("d8d4c8", "242830", "c85c7c", "6c8c3c", "e0b8a0", "30508c", "8c8c94", "d8a03c"),
)
DRESSES = ("d03448", "c8428c", "d8702c", "8c3ca8", "2c8c94", "d0a02c")
"""What the members of a corps wear, in turn, if no colour is named."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours and cut. `skirt` is the length of the cloth below the waist, `flare` its width, in statures; `style`
    is one of `STYLES`."""

    skin: Colour
    hair: Colour
    top: Colour
    bottom: Colour
    shoes: Colour
    accent: Colour
    cloth: Colour
    skirt: float = 0.0
    flare: float = 0.0
    trousers: float = 0.6
    sleeves: float = 0.5
    hair_length: float = 0.0
    style: str = "crop"
    bare_arms: bool = False
    bare_legs: bool = False
    slim: bool = False
    bun: bool = False
    hood: bool = False
    hat: bool = False
    mask: bool = False
    belt: bool = False
    trim: bool = False
    open_front: bool = False
    wheels: bool = False


def outfit(actor: Actor) -> Outfit:
    """The outfit of an actor; one cut for a corps of dancers, different for people in a crowd."""
    rng = random_stream(actor.seed, "outfit")
    skin, hair = colour(str(rng.choice(SKINS))), colour(str(rng.choice(HAIRS)))
    own = named(actor.colour, str(rng.choice(CLOTHES)))
    dark = colour(str(rng.choice(("22242c", "2c2a34", "30302c", "1e2834", "34486c", "4a4038", "585c64"))))
    shoes = colour("241c1a")
    plain = Outfit(skin, hair, own, dark, shoes, scaled(own, 0.6), own)
    plain = replace(plain, style=str(random_stream(actor.seed, "hair").choice(STYLES)))
    makers = {
        Kind.DANCER: _dancer,
        Kind.SKATER: _skater,
        Kind.COURIER: _courier,
        Kind.MUSICIAN: _musician,
        Kind.DRUMMER: _drummer,
        Kind.RUNNER: _runner,
        Kind.DIVER: _diver,
    }
    if actor.kind in makers:
        return makers[actor.kind](actor, plain)
    return _passer(actor, plain, rng.random(3).tolist())


def _dancer(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, DRESSES[actor.index % len(DRESSES)])
    accent = scaled(own, 1.5) if sum(own) < 1.2 else scaled(own, 0.6)
    return replace(
        plain,
        top=own,
        bottom=own,
        cloth=own,
        shoes=scaled(own, 0.5),
        accent=accent,
        skirt=0.33,
        flare=1.0,
        trousers=0.0,
        sleeves=0.0,
        bare_arms=True,
        bare_legs=True,
        slim=True,
        bun=True,
        trim=True,
    )


def _skater(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "c0c8d0")
    return replace(
        plain,
        top=own,
        bottom=colour("28304c"),
        shoes=colour("e8e4dc"),
        wheels=True,
        sleeves=0.9,
        hair_length=0.75,
        accent=colour("e85c6c"),
        open_front=True,
    )


def _courier(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "d8a01e")
    return replace(
        plain,
        top=own,
        cloth=own,
        skirt=0.26,
        flare=0.42,
        sleeves=0.8,
        accent=colour("3c3434"),
        belt=True,
        mask=True,
        hair_length=0.0,
        hood=actor.seed % 2 == 0,
    )


def _musician(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "3a4048")
    return replace(
        plain,
        top=own,
        cloth=own,
        bottom=colour("22242a"),
        skirt=0.30,
        flare=0.4,
        sleeves=0.7,
        accent=colour("d8d4cc"),
        open_front=True,
        hair_length=0.4,
    )


def _drummer(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "8c2c34")
    return replace(
        plain, top=own, cloth=own, bare_arms=True, sleeves=0.0, accent=colour("e0b050"), belt=True, trousers=0.9
    )


def _runner(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "e05c34")
    return replace(
        plain,
        top=own,
        bottom=colour("232838"),
        bare_arms=True,
        trousers=0.2,
        sleeves=0.0,
        hair_length=0.35,
        slim=True,
        shoes=colour("e8f0f0"),
    )


def _diver(actor: Actor, plain: Outfit) -> Outfit:
    own = named(actor.colour, "24405c")
    return replace(
        plain,
        top=own,
        bottom=own,
        trousers=0.3,
        sleeves=0.4,
        shoes=colour("e8b030"),
        accent=colour("e8b030"),
        hair_length=0.5,
    )


def _passer(actor: Actor, plain: Outfit, draws: list[float]) -> Outfit:
    """Somebody: in a dress, a long coat or trousers; with long hair, a hat or a hood."""
    a, b, c = draws
    wades = actor.action is Action.WADE
    if a < 0.34 and not wades:
        plain = replace(plain, skirt=0.30 + 0.1 * c, flare=0.5, bare_legs=True, slim=True, hair_length=0.6 + 0.4 * b)
    elif a < 0.72 or wades:
        plain = replace(
            plain, skirt=0.28 + 0.1 * c, flare=0.34, sleeves=0.9, accent=scaled(plain.top, 0.5), open_front=c > 0.5
        )
    if b < 0.22 or wades:
        return replace(plain, hat=True, accent=scaled(plain.bottom, 1.3), hair_length=0.4 * c)
    if b < 0.36:
        return replace(plain, hood=True)
    return replace(plain, hair_length=plain.hair_length or (0.7 * c if c > 0.5 else 0.0), bun=c < 0.2)
