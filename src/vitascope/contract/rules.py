"""The sentences of the contracts, one small function each, named after its sentence. A rule yields what it finds wrong.

A rule sees a task of the right shape, in which a field that is None was not sent, and the model's card.
"""

from __future__ import annotations

from collections.abc import Iterator

from vitascope.contract.catalog import (
    CARDS,
    DOCUMENTED_MAX_SEED,
    OTHER_PROVIDERS,
    QUALITY,
    RESULTS,
    SHORTEST_TTL,
    TASK_TYPE,
    Card,
    Durations,
    frame_rates,
    providers,
    size_is_in_the_table,
    sizes_of,
)
from vitascope.contract.faults import incompatible, invalid, missing, one_of, outside, plain, unsupported
from vitascope.contract.inputs import RESULT_NAME, has_something_to_see, is_address, names_each_result
from vitascope.contract.names import unknown_parameter
from vitascope.contract.rule import Rule, about
from vitascope.contract.shapes import TaskShape, as_meant
from vitascope.errors import Fault
from vitascope.values import Container, SafetyMode, Size

FRAME_PATHS = ("inputs.frameImages", "frameImages")


@about("model", "inputs.draftId")
def model_is_required(task: TaskShape) -> Iterator[Fault]:
    """model: required, unless a draft brings it."""
    if task.model is None and task.inputs.draftId is None:
        yield missing("model", "string", f"Add model: {', '.join(CARDS)}.")


@about("model")
def model_is_one_of_the_catalogue(task: TaskShape) -> Iterator[Fault]:
    """model: the ids of the catalogue."""
    if task.model is not None and task.model not in CARDS:
        message = f"Set model to one that is served here: {', '.join(CARDS)}."
        yield Fault("invalidModel", message, "model", "string", tuple(CARDS))


@about("taskType")
def task_type_is_video_inference(task: TaskShape) -> Iterator[Fault]:
    """taskType: string, required, value `videoInference`."""
    if task.taskType is None:
        yield missing("taskType", "string", f"Set taskType to {TASK_TYPE}.")
    elif task.taskType != TASK_TYPE:
        yield unsupported("taskType", "string", f"Set taskType to {TASK_TYPE}.", [TASK_TYPE])


@about("outputType")
def output_type_is_url(task: TaskShape) -> Iterator[Fault]:
    """outputType: allowed value `URL`; clients also send it as a list."""
    if task.outputType is not None and set(task.outputType) != {"URL"}:
        yield unsupported("outputType", "string", "Set outputType to URL: videos are delivered as links.", ["URL"])


@about("outputFormat")
def output_format_is_mp4_webm_or_mov(task: TaskShape) -> Iterator[Fault]:
    """outputFormat: allowed values MP4, WEBM, MOV, in any case."""
    names = [container.value for container in Container]
    if task.outputFormat is not None and task.outputFormat.upper() not in names:
        yield unsupported("outputFormat", "string", f"Set outputFormat to {one_of(names)}.", names)


@about("outputQuality")
def output_quality_is_20_to_99(task: TaskShape) -> Iterator[Fault]:
    """outputQuality: integer, min 20, max 99."""
    if task.outputQuality is not None and not QUALITY.least <= task.outputQuality <= QUALITY.most:
        yield outside("outputQuality", "integer", QUALITY.least, QUALITY.most)


@about("webhookURL")
def webhook_is_an_address(task: TaskShape) -> Iterator[Fault]:
    """webhookURL: string, URI, called via HTTP POST."""
    if task.webhookURL is not None and not is_address(task.webhookURL):
        yield _no_address("webhookURL")


@about("uploadEndpoint")
def upload_endpoint_is_an_address(task: TaskShape) -> Iterator[Fault]:
    """uploadEndpoint: string, URI, called by HTTP PUT."""
    if task.uploadEndpoint is not None and not is_address(task.uploadEndpoint):
        yield _no_address("uploadEndpoint")


@about("uploadEndpoint", "numberResults")
def upload_endpoint_has_room_for_all(task: TaskShape) -> Iterator[Fault]:
    """A URL, a presigned one above all, takes one object: several results need a place for their names in it."""
    several = task.numberResults is not None and task.numberResults > 1
    if several and task.uploadEndpoint is not None and not names_each_result(task.uploadEndpoint):
        message = (
            f"Write {RESULT_NAME} into uploadEndpoint where each result's name belongs, or set numberResults to 1: "
            f"at one address, {task.numberResults} files would overwrite each other."
        )
        yield incompatible(("uploadEndpoint", "numberResults"), message)


def _no_address(path: str) -> Fault:
    return invalid(path, "string", f"Set {path} to a full http:// or https:// URL without user name and password.")


@about("deliveryMethod")
def delivery_is_async(task: TaskShape) -> Iterator[Fault]:
    """deliveryMethod: allowed value `async`."""
    if task.deliveryMethod is not None and task.deliveryMethod != "async":
        message = "Set deliveryMethod to async and poll with getResponse: videos take too long for one answer."
        yield unsupported("deliveryMethod", "string", message, ["async"])


@about("safety.mode")
def safety_mode_is_none_fast_or_full(task: TaskShape) -> Iterator[Fault]:
    """safety.mode: allowed values none, fast, full."""
    modes = [mode.value for mode in SafetyMode]
    if task.safety.mode is not None and task.safety.mode not in modes:
        yield unsupported("safety.mode", "string", f"Set safety.mode to {one_of(modes)}.", modes)


@about("ttl")
def ttl_is_at_least_60_seconds(task: TaskShape) -> Iterator[Fault]:
    """ttl: integer, min 60."""
    if task.ttl is not None and task.ttl < SHORTEST_TTL:
        yield invalid("ttl", "integer", f"Set ttl to {SHORTEST_TTL} seconds or more.")


@about("numberResults")
def results_are_1_to_4(task: TaskShape) -> Iterator[Fault]:
    """numberResults: integer, min 1, max 4."""
    if task.numberResults is not None and not RESULTS.least <= task.numberResults <= RESULTS.most:
        yield outside("numberResults", "integer", RESULTS.least, RESULTS.most)


@about("positivePrompt", "inputs.draftId")
def prompt_is_required(task: TaskShape) -> Iterator[Fault]:
    """positivePrompt: required, unless a draft brings it."""
    if task.positivePrompt is None and task.inputs.draftId is None:
        yield missing("positivePrompt", "string", "Add positivePrompt: a text that describes the video.")


@about("fps")
def frame_rate_is_the_models(task: TaskShape) -> Iterator[Fault]:
    """The model's fixed frame rate; clients send it although it is no parameter."""
    if task.fps is not None and task.fps not in (rates := frame_rates(task.model)):
        message = f"Remove fps: these models make {one_of(rates)} frames a second."
        yield unsupported("fps", "integer", message, [int(rate) for rate in rates if rate.denominator == 1])


@about(*FRAME_PATHS)
def frame_images_have_one_spelling(task: TaskShape) -> Iterator[Fault]:
    """Inputs "must be nested inside the inputs object"; the legacy place is taken instead of it, not beside it."""
    if task.frameImages and task.inputs.frameImages:
        yield incompatible(FRAME_PATHS, "Send the frame images once: keep inputs.frameImages and remove frameImages.")


@about("width", "height")
def width_and_height_come_together(task: TaskShape) -> Iterator[Fault]:
    """`width` and `height` must be used together."""
    if task.width is None and task.height is not None:
        yield missing("width", "integer", "Add width: width and height must be used together.")
    if task.height is None and task.width is not None:
        yield missing("height", "integer", "Add height: width and height must be used together.")


@about("resolution", "width", "height")
def resolution_excludes_width_and_height(task: TaskShape) -> Iterator[Fault]:
    """`resolution` cannot be used with `width/height`."""
    if task.resolution is not None and (task.width is not None or task.height is not None):
        yield incompatible(("resolution", "width", "height"), "Send either resolution or width and height, not both.")


@about("width", "height", "resolution", *FRAME_PATHS, "inputs.draftId")
def something_gives_the_size(task: TaskShape) -> Iterator[Fault]:
    """Either provide `inputs.frameImages`, or specify `width/height` or `resolution`; a draft brings its own."""
    sized = task.width is not None or task.height is not None or task.resolution is not None
    if not (sized or task.inputs.frameImages or task.frameImages or task.inputs.draftId is not None):
        message = "Add width and height, or resolution, or inputs.frameImages: one of them must give the size."
        paths = ("width", "height", "resolution", "inputs.frameImages")
        yield Fault("missingDimensionParameters", message, paths, "integer|string|array")


@about("providerSettings")
def settings_are_for_this_provider(task: TaskShape) -> Iterator[Fault]:
    """Provider settings "must be nested inside the providerSettings.bytedance object", or its model's."""
    own = task.providerSettings.provider
    for name in task.providerSettings.others[:20]:
        known = name in OTHER_PROVIDERS or name in providers()
        code = "mismatchProviderSettingsProvider" if known else "unknownProviderSettingsProvider"
        what = f"{plain(name)} is another provider" if known else f"There is no provider {plain(name)}"
        message = f"{what}: put the settings into providerSettings.{own}."
        yield Fault(code, message, f"providerSettings.{plain(name)}", "object", (own,))


@about("positivePrompt")
def prompt_has_2_to_3000_characters(task: TaskShape, card: Card) -> Iterator[Fault]:
    """positivePrompt: min 2, max 3000."""
    bounds = card.prompt_length
    if task.positivePrompt is not None and not bounds.least <= len(task.positivePrompt) <= bounds.most:
        message = (
            f"Make positivePrompt {bounds.least} to {bounds.most} characters long; it has {len(task.positivePrompt)}."
        )
        yield Fault("invalidPositivePromptLength", message, "positivePrompt", "string")


@about("positivePrompt")
def prompt_can_be_seen(task: TaskShape) -> Iterator[Fault]:
    """positivePrompt: a text. Blanks, marks without a letter and what has no shape describe no video."""
    if task.positivePrompt is None:
        return
    if "\0" in task.positivePrompt:
        yield invalid("positivePrompt", "string", "Remove U+0000 from positivePrompt: it ends a text.")
    elif task.positivePrompt and not has_something_to_see(task.positivePrompt):
        message = "Describe the video in positivePrompt: there is no letter, digit or sign in it that can be seen."
        yield invalid("positivePrompt", "string", message)


@about("resolution")
def resolution_is_one_of_the_model(task: TaskShape, card: Card) -> Iterator[Fault]:
    """resolution: allowed values of the model; a draft is a 480p preview."""
    allowed = [card.draft_resolution] if orders_draft(task, card) else list(card.sizes)
    if task.resolution is not None and task.resolution not in allowed:
        kind = "a draft" if orders_draft(task, card) else card.title
        yield unsupported("resolution", "string", f"Set resolution to {one_of(allowed)} for {kind}.", allowed)


@about("width", "height")
def size_is_one_of_the_model(task: TaskShape, card: Card) -> Iterator[Fault]:
    """The supported dimension combinations; of a draft, those at 480p."""
    if task.width is None or task.height is None or finishes_draft(task, card):  # where the draft decides
        return
    resolution = card.draft_resolution if orders_draft(task, card) else None
    if not size_is_in_the_table(card, Size(task.width, task.height), resolution):
        allowed = [str(size) for size in sizes_of(card, resolution)]
        kind = "a draft" if resolution else card.title
        message = f"Set width and height to one of the pairs of {kind}: {', '.join(allowed)}."
        yield Fault("unsupportedDimensions", message, ("width", "height"), "integer", tuple(allowed))


@about("duration")
def duration_is_one_of_the_model(task: TaskShape, card: Card) -> Iterator[Fault]:
    """duration: min and max of the model, whole seconds where it makes no others; "auto" where it knows the word."""
    rule = card.durations
    if task.duration is None or (task.duration == "auto" and rule.auto is not None):
        return
    message = f"Set duration to {_duration_words(rule)}."
    if isinstance(task.duration, str):
        yield invalid("duration", _duration_type(rule), message)
    elif not _is_made(task.duration, rule):
        yield Fault("unsupportedDuration", message, "duration", _duration_type(rule), _durations_listed(rule))


def _is_made(seconds: float, rule: Durations) -> bool:
    seconds = as_meant(seconds)
    return float(rule.shortest) <= seconds <= float(rule.longest) and (seconds.is_integer() or not rule.whole)


def _duration_type(rule: Durations) -> str:
    return "integer|string" if rule.auto is not None else "float"


def _duration_words(rule: Durations) -> str:
    number = "whole number" if rule.whole else "number"
    return f"a {number} of seconds from {rule.shortest} to {rule.longest}" + (', or "auto"' if rule.auto else "")


def _durations_listed(rule: Durations) -> tuple[object, ...] | None:
    if not rule.whole:
        return None
    words = ("auto",) if rule.auto is not None else ()
    return (*range(int(rule.shortest), int(rule.longest) + 1), *words)


@about("seed")
def seed_is_in_range(task: TaskShape, card: Card) -> Iterator[Fault]:
    """seed: integer, min 0, max 9223372036854776000."""
    if task.seed is not None and not card.seed.least <= task.seed <= DOCUMENTED_MAX_SEED:
        yield outside("seed", "integer", card.seed.least, DOCUMENTED_MAX_SEED)


@about("providerSettings")
def settings_exist_for_this_model(task: TaskShape, card: Card) -> Iterator[Fault]:
    """providerSettings.bytedance: cameraFixed for all; audio and draft for 1.5 Pro only."""
    for name in task.providerSettings.sent:
        if name not in card.settings or task.providerSettings.provider != card.provider:
            yield unknown_parameter(task.providerSettings.path(name), card)


@about("providerSettings")
def settings_are_in_bounds(task: TaskShape, card: Card) -> Iterator[Fault]:
    """providerSettings: min and max of those that are numbers."""
    for name, value in task.providerSettings.sent.items():
        setting = card.settings.get(name)
        if setting is not None and setting.bounds is not None and not setting.is_in_bounds(value):
            yield outside(task.providerSettings.path(name), setting.kind, *setting.bounds)


@about("inputs.draftId")
def draft_id_exists_for_this_model(task: TaskShape, card: Card) -> Iterator[Fault]:
    """inputs.draftId: 1.5 Pro only."""
    if task.inputs.draftId is not None and card.draft_resolution is None:
        yield unknown_parameter("inputs.draftId", card)


@about("providerSettings", "inputs.draftId")
def draft_is_ordered_or_finished(task: TaskShape) -> Iterator[Fault]:
    """A task makes a draft (`draft`) or finishes one (`draftId`)."""
    settings = task.providerSettings
    if settings.sent.get("draft") and task.inputs.draftId is not None:
        paths = (settings.path("draft"), "inputs.draftId")
        yield incompatible(paths, "Send either draft: true to make a draft or draftId to finish one, not both.")


def finishes_draft(task: TaskShape, card: Card) -> bool:
    """Whether the task names a draft, of a model that makes drafts."""
    return task.inputs.draftId is not None and card.draft_resolution is not None


def orders_draft(task: TaskShape, card: Card) -> bool:
    """Whether the task asks for a draft, of a model that makes drafts."""
    wanted = task.providerSettings.sent.get("draft") and not task.inputs.draftId
    return bool(wanted) and card.draft_resolution is not None


RULES: tuple[Rule[TaskShape], ...] = (
    model_is_required,
    model_is_one_of_the_catalogue,
    task_type_is_video_inference,
    output_type_is_url,
    output_format_is_mp4_webm_or_mov,
    output_quality_is_20_to_99,
    webhook_is_an_address,
    delivery_is_async,
    upload_endpoint_is_an_address,
    upload_endpoint_has_room_for_all,
    safety_mode_is_none_fast_or_full,
    ttl_is_at_least_60_seconds,
    results_are_1_to_4,
    prompt_is_required,
    prompt_can_be_seen,
    frame_rate_is_the_models,
    frame_images_have_one_spelling,
    width_and_height_come_together,
    resolution_excludes_width_and_height,
    something_gives_the_size,
    settings_are_for_this_provider,
    draft_is_ordered_or_finished,
)
"""What holds for every model."""

MODEL_RULES: tuple[Rule[TaskShape, Card], ...] = (
    prompt_has_2_to_3000_characters,
    resolution_is_one_of_the_model,
    size_is_one_of_the_model,
    duration_is_one_of_the_model,
    seed_is_in_range,
    settings_exist_for_this_model,
    settings_are_in_bounds,
    draft_id_exists_for_this_model,
)
"""What differs from card to card."""
