"""Finds the kinds of backends that are installed."""

from collections.abc import Mapping
from importlib.metadata import entry_points

from pydantic import ValidationError

from crossdock.kit.errors import UsageError
from crossdock.ports.backend import ENTRY_POINTS, Plugin


def installed_backends() -> Mapping[str, Plugin]:
    """
    Return every installed plugin by its kind.

    Raises UsageError where an installed one cannot be loaded: a hub that silently lacks a backend would hold orders
    for no visible reason.
    """
    found: dict[str, Plugin] = {}
    for entry in entry_points(group=ENTRY_POINTS):
        try:
            plugin: Plugin = entry.load()
        except Exception as error:
            raise UsageError(
                f"The backend {entry.name} ({entry.value}) cannot be loaded: {error}. Install it again or remove it."
            ) from error
        found[plugin.manifest.kind] = plugin
    return found


def backend_of(kind: str) -> Plugin:
    """Return the plugin of a kind. Raises UsageError, naming those that there are."""
    plugins = installed_backends()
    if kind not in plugins:
        raise UsageError(f"There is no backend of the kind {kind}. Installed are: {', '.join(sorted(plugins))}.")
    return plugins[kind]


def checked_settings(plugin: Plugin, text: str) -> str:
    """Return `text` (JSON) as the plugin's settings model writes it. Raises UsageError, naming what is wrong."""
    try:
        return plugin.manifest.settings.model_validate_json(text).model_dump_json()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']}" for one in error.errors())
        raise UsageError(f"These settings do not fit {plugin.manifest.title}: {wrong}.") from error
