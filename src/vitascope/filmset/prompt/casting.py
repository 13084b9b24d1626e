"""Who is in the picture: subjects with their action, count, colour, direction, pace and prop, read from a prompt.

Every verb, direction and pace word belongs to the nearest subject noun before it in its sentence ("a courier weaves
through stalls while drones skim low"); what the camera does belongs to nobody here. A plain person ("a woman") becomes
what her verb makes of her ("dances": a dancer).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from vitascope.filmset.prompt.choose import PEOPLE
from vitascope.filmset.prompt.context import Read
from vitascope.filmset.prompt.heads import PREPOSITIONS, Head, Role, governor
from vitascope.filmset.prompt.lexicon import Mention
from vitascope.filmset.prompt.words import is_plural
from vitascope.filmset.scene.scene import Action, Craft, Direction, Kind, Pace, Setting, Subject

LARGEST_CAST = 4

ACTIONS: dict[Kind, tuple[Action, ...]] = {
    Kind.DANCER: (Action.DANCE, Action.SPIN, Action.JUMP, Action.STAND),
    Kind.WALKER: (Action.WALK, Action.WADE, Action.JUMP, Action.RUN, Action.STAND),
    Kind.RUNNER: (Action.RUN, Action.JUMP, Action.STAND),
    Kind.SKATER: (Action.SKATE, Action.SPIN, Action.JUMP),
    Kind.COURIER: (Action.RUN, Action.WALK, Action.JUMP, Action.WADE, Action.STAND),
    Kind.MUSICIAN: (Action.PLAY, Action.WALK, Action.STAND),
    Kind.DRUMMER: (Action.PLAY, Action.WALK),
    Kind.CROWD: (Action.STAND, Action.WALK, Action.DANCE, Action.JUMP, Action.RUN),
    Kind.DIVER: (Action.SWIM,),
    Kind.BIRDS: (Action.FLY, Action.STAND, Action.SWIM),
    Kind.FISH: (Action.SWIM, Action.JUMP),
    Kind.BOAT: (Action.SAIL,),
    Kind.CARAVAN: (Action.OPEN, Action.DRIVE, Action.STAND),
    Kind.DRONES: (Action.FLY,),
    Kind.BALLS: (Action.BOUNCE,),
    Kind.VEHICLE: (Action.DRIVE, Action.STAND),
}
"""What each kind can do; the first is what it does if nothing is said."""

BECOMES: tuple[tuple[Action, Kind], ...] = (
    (Action.WADE, Kind.WALKER),
    (Action.SPIN, Kind.DANCER),
    (Action.JUMP, Kind.WALKER),
    (Action.RUN, Kind.RUNNER),
    (Action.WALK, Kind.WALKER),
    (Action.DANCE, Kind.DANCER),
    (Action.STAND, Kind.WALKER),
)
"""What a plain person becomes by what they do; the first that fits."""
NAMED_DEEDS = {
    "danc": Kind.DANCER,
    "skat": Kind.SKATER,
    "swim": Kind.DIVER,
    "drum": Kind.DRUMMER,
    "rollerskat": Kind.SKATER,
}
SEVERAL = {Kind.CROWD: 8, Kind.BIRDS: 7, Kind.FISH: 12, Kind.DANCER: 3, Kind.DRUMMER: 3, Kind.BALLS: 5}
INSTRUMENTS = frozenset({"violin", "cello", "guitar", "harp", "flute", "saxophone", "trumpet", "accordion"})
VERTICAL = frozenset({Kind.BIRDS, Kind.DRONES, Kind.DIVER, Kind.FISH, Kind.BALLS})
IN_WATER = frozenset({Kind.FISH, Kind.DIVER})
WATERS = frozenset({Setting.REEF, Setting.SEA, Setting.MARSH})


def cast(read: Read, heads: list[Head], place: Setting | None) -> list[Role]:
    """All subjects of a prompt, the most important first."""
    _give_deeds(read, heads)
    _give_looks(read, heads)
    _man_boats(heads)
    _give_crafts(read, heads)
    roles = _unique([head.role for head in heads if head.role])
    for role in roles:
        _settle(role, place)
    roles = _merge_people(roles) or _implied(read)
    roles.sort(key=lambda role: -role.weight)
    return _at_home(roles, place)[:LARGEST_CAST]


def subject(read: Read, role: Role, place: Setting) -> Subject:
    """The scene's subject for a role."""
    kind = role.kind or Kind.WALKER
    return Subject(
        kind=kind,
        action=role.action or default_action(kind, place, {m.value for m in read.denials("action")}),
        count=_count(read, role, kind),
        colour=role.colours[0].value if role.colours else None,
        direction=Direction(role.directions[0].value) if role.directions else None,
        pace=Pace(role.paces[0].value) if role.paces else Pace.NORMAL,
        prop=role.props[0].value if role.props else None,
        craft=Craft(role.crafts[0].value) if role.crafts and kind is Kind.BOAT else None,
    )


def default_action(kind: Kind, place: Setting, denied: Collection[str] = ()) -> Action:
    """What a kind does if nothing is said, and none of what is denied if it can do anything else."""
    usual = _usual_action(kind, place)
    return usual if usual not in denied else next((deed for deed in ACTIONS[kind] if deed not in denied), usual)


def _usual_action(kind: Kind, place: Setting) -> Action:
    if kind is Kind.CROWD and place in (Setting.ALLEY, Setting.HARBOUR, Setting.SKYLINE, Setting.TUNNEL):
        return Action.WALK
    if kind is Kind.WALKER and place is Setting.MARSH:
        return Action.WADE
    return ACTIONS[kind][0]


def _give_deeds(read: Read, heads: list[Head]) -> None:
    main = max((head.role for head in heads if head.role), key=lambda role: role.weight, default=None)
    for mention in read.mentioned("action"):
        if mention.sentence in read.sound_sentences or _is_of_others(read, heads, mention):
            continue
        head = governor(heads, mention, read)
        role = head.role if head else main
        if role:
            role.deeds.append(mention)
    for slot in ("direction", "pace"):
        for mention in read.mentioned(slot):
            head = governor(heads, mention, read)
            if head and head.role and (mention.segment in _segments(head) or _stands_alone(read, mention)):
                (head.role.directions if slot == "direction" else head.role.paces).append(mention)


def _is_of_others(read: Read, heads: Sequence[Head], deed: Mention) -> bool:
    """True if things that nobody is cast for do it: "paper tickets spinning"."""
    if any(place.covers(deed) for place in read.by_slot.get("setting", ())):
        return True  # a mountain pass
    if deed.start == 0:
        return False
    doer = read.words[deed.start - 1]
    known = any(m.start < deed.start <= m.end for m in (head.mention for head in heads))
    worn = any(m.end == deed.start for m in (*read.marks["garment"], *read.by_slot.get("colour", ())))
    return is_plural(doer) and doer.segment == deed.segment and not known and not worn


def _segments(head: Head) -> set[int]:
    """The parts of the sentence that speak of what a head does."""
    deeds = head.role.deeds if head.role else []
    return {head.mention.segment, *(deed.segment for deed in deeds)}


def _stands_alone(read: Read, mention: Mention) -> bool:
    """True for an afterthought: "a courier runs through an alley, fast"."""
    size = sum(word.segment == mention.segment for word in read.words)
    return size - (mention.end - mention.start) < 2


def _give_looks(read: Read, heads: list[Head]) -> None:
    persons = [head for head in heads if head.role]
    for mention in read.mentioned("count"):
        counted = next((head.role for head in persons if _counts(read, mention, head.mention)), None)
        if counted:
            counted.counts.append(mention)
    for mention in read.mentioned("colour"):
        role = _wearer(read, persons, mention)
        if role:
            role.colours.append(mention)
    for mention in read.mentioned("prop"):
        owner = _holder(persons, mention)
        if owner and mention.sentence not in read.sound_sentences:
            owner.props.append(mention)


def _give_crafts(read: Read, heads: Sequence[Head]) -> None:
    """Which boats they are: by the noun itself, else by what else its sentence speaks of ("oars")."""
    boats = [(head.mention, head.role) for head in heads if head.role and head.role.kind is Kind.BOAT]
    said = sorted(read.mentioned("craft"), key=lambda mention: -mention.strength)
    for noun, boat in boats:
        named = [m for m in said if m.start < noun.end and noun.start < m.end]
        near = [m for m in said if m.rank == "hint" and m.sentence == noun.sentence]
        rowed = [deed for deed in boat.deeds if read.words[deed.start].stem == "row"]
        near += [replace(deed, slot="craft", value=Craft.ROWING.value, rank="hint") for deed in rowed]
        boat.crafts += named or near
    for _, boat in boats:
        boat.crafts.sort(key=lambda mention: -mention.strength)


def _man_boats(heads: list[Head]) -> None:
    """A person who only rows, steers or sails is a boat's crew, which every boat has: no subject beside it."""
    boat = next((head.role for head in heads if head.role and head.role.kind is Kind.BOAT), None)
    for place, head in enumerate(heads):
        role = head.role
        if boat and role and role.kind is None and role.deeds and all(d.value == Action.SAIL for d in role.deeds):
            boat.nouns += role.nouns
            boat.deeds += role.deeds
            heads[place] = Head(head.mention, boat, head.is_object)


def _counts(read: Read, number: Mention, noun: Mention) -> bool:
    """True for "two security drones", "skaters, three of them" and "a dancer performing alone"."""
    words = read.words
    gap = noun.start - number.end
    if noun.segment == number.segment and 0 <= gap <= 3:
        return not any(word.text in PREPOSITIONS - {"of"} | {"and"} for word in words[number.end : noun.start])
    behind = number.start - noun.end
    of_them = len(words) > number.end + 1 and words[number.end].text == "of" and words[number.end + 1].text == "them"
    alone = number.value == "1" and words[number.start].text in ("alone", "solo")
    return noun.sentence == number.sentence and ((0 <= behind <= 2 and of_them) or (0 <= behind <= 4 and alone))


def _wearer(read: Read, persons: Sequence[Head], colour: Mention) -> Role | None:
    """Who a colour belongs to: "red boat", "in a mustard vinyl coat", "dancers in gold"."""
    told = next((head for head in persons if head.mention.end == colour.start), None)
    if told and told.mention.segment == colour.segment:
        return told.role  # "voiliers blancs": colours follow the noun in some languages
    garment = _next(read.marks["garment"], colour, 4)
    noun = _next([head.mention for head in persons], garment or colour, 3 if garment is None else 2)
    if noun:
        return next(head.role for head in persons if head.mention is noun)
    before = [head for head in persons if head.mention.end <= colour.start and _can_wear(head)]
    in_colour = colour.start > 0 and read.words[colour.start - 1].text in ("in", "wearing", "all")
    alone = [head for head in before if head.role and head.role.kind is not Kind.CROWD]
    if garment and (alone or before):
        same = [head for head in before if head.mention.segment == colour.segment]
        return (same or alone or before)[-1].role
    if before and in_colour and before[-1].mention.segment == colour.segment:
        return before[-1].role
    return None


def _next(candidates: Sequence[Mention], mention: Mention, reach: int) -> Mention | None:
    near = [c for c in candidates if c.segment == mention.segment and 0 <= c.start - mention.end < reach]
    return near[0] if near else None


def _can_wear(head: Head) -> bool:
    return head.role is not None and (head.role.kind is None or head.role.kind in PEOPLE)


def _holder(persons: Sequence[Head], prop: Mention) -> Role | None:
    players = [head for head in persons if head.role and head.role.kind in (Kind.MUSICIAN, None)]
    people = [head for head in persons if _can_wear(head) and head.role and head.role.kind is not Kind.CROWD]
    holders = players if prop.value in INSTRUMENTS else people
    before = [head for head in holders if head.mention.start <= prop.start]
    nearest = before[-1:] or [head for head in holders if head.mention.sentence == prop.sentence][:1]
    return nearest[0].role if nearest else None


def _settle(role: Role, place: Setting | None) -> None:
    """Decide what a role is and does."""
    if role.kind is None:
        role.kind = _person_by_deeds(role, place)
    allowed = ACTIONS[role.kind]
    best = 0.0
    for action in allowed:
        deeds = [deed for deed in role.deeds if deed.value == action]
        if action not in allowed or not deeds:
            continue
        score = sum(1 / (1 + 0.1 * (deed.start - role.deeds[0].start)) for deed in deeds)
        score *= 0.3 if action is Action.STAND else 1.0
        if score > best:
            best, role.action, role.by = score, action, deeds
    if role.kind not in VERTICAL:
        role.directions = [d for d in role.directions if d.value not in ("up", "down")]


def _person_by_deeds(role: Role, place: Setting | None) -> Kind:
    if place is Setting.REEF:
        return Kind.DIVER
    if any(prop.value in INSTRUMENTS for prop in role.props):
        return Kind.MUSICIAN
    stems = {deed.start: deed for deed in role.deeds}
    for start in sorted(stems):
        values = {deed.value for deed in role.deeds if deed.start == start}
        named = values & {"skate", "swim"} if len(values) == 1 else set()
        if named:
            return Kind.SKATER if "skate" in named else Kind.DIVER
        for action, kind in BECOMES:
            if action.value in values:
                return kind
    return Kind.WALKER


def _unique(roles: list[Role]) -> list[Role]:
    return list({id(role): role for role in roles}.values())


def _merge_people(roles: list[Role]) -> list[Role]:
    """A plain person beside a named one ("the dancer ... the woman") is the same one, unless they do something else."""
    plain = [role for role in roles if all(noun.slot == "person" for noun in role.nouns)]
    named = [role for role in roles if role not in plain and role.kind in PEOPLE - {Kind.CROWD}]
    same_kind = {role.kind: role for role in named}
    for role in plain:
        twin = same_kind.get(role.kind) or (named[0] if named and not role.by else None)
        if twin is None:
            continue
        roles.remove(role)
        twin.nouns += role.nouns
        for mine, theirs in (
            (twin.colours, role.colours),
            (twin.directions, role.directions),
            (twin.props, role.props),
        ):
            mine += theirs
        if twin.action is None and role.action in ACTIONS[twin.kind or Kind.WALKER]:
            twin.action, twin.by = role.action, role.by
    return roles


def _implied(read: Read) -> list[Role]:
    """A subject for a deed that nobody was named for: "dancing in the rain"."""
    for mention in read.mentioned("action"):
        kind = NAMED_DEEDS.get(read.words[mention.start].stem)
        if kind and mention.sentence not in read.sound_sentences:
            return [Role(kind, nouns=[mention], weight=read.weight(mention))]
    return []


def _at_home(roles: list[Role], place: Setting | None) -> list[Role]:
    """Fish out of water and people in it are left out, unless they are what the prompt is about."""
    if place is None:
        return roles
    if place is Setting.REEF:
        fit = [role for role in roles if role.kind in IN_WATER | {Kind.BOAT}]
    else:
        fit = [role for role in roles if place in WATERS or role.kind not in IN_WATER]
    return fit or roles


def _count(read: Read, role: Role, kind: Kind) -> int:
    if role.counts:
        return max(int(role.counts[0].value), 2 if kind is Kind.CROWD else 1)
    if kind is Kind.CROWD:
        return SEVERAL[kind]
    noun = role.nouns[0]
    last = read.words[noun.end - 1]
    group = read.words[noun.start].text in ("school", "shoal", "schools", "shoals", "troupe", "line")
    before = [word for word in read.words[max(0, noun.start - 3) : noun.start] if word.segment == noun.segment]
    alone = any(word.text in ("a", "an", "one") for word in before)
    several = group or ((is_plural(last) or last.text == "fish") and not alone)
    return SEVERAL.get(kind, 3) if several else 1
