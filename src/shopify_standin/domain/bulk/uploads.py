"""
`stagedUploadsCreate`: places for files, and whether one came.

A path in Shopify's form that belongs to another shop is taken as an empty file, one for each upload: its content
cannot be known here. `Settings.foreign_uploads` switches this off.
"""

import re

from shopify_standin.call import Call
from shopify_standin.errors import JsonObject, Refused, user_error
from shopify_standin.model.bulk import Upload
from shopify_standin.registry import Args, mutation
from shopify_standin.world import World

_KEY = re.compile(r"^tmp/(?P<shop>\d+)/(?P<folder>\w+)/(?P<upload>[0-9a-f-]{36})/(?P<name>[^/]+)$")
_FOLDERS = {"BULK_MUTATION_VARIABLES": "bulk", "IMAGE": "products", "PRODUCT_IMAGE": "products", "FILE": "files"}
NO_SUCH_FILE = (
    "The JSONL file could not be found. Try uploading the file again, and check that you've entered the URL "
    "correctly for the stagedUploadPath mutation argument."
)


@mutation("stagedUploadsCreate")
def staged_uploads_create(world: World, args: Args, call: Call) -> JsonObject:
    """One place for each file."""
    return {"stagedTargets": [_target(world, call, given) for given in args["input"]], "userErrors": []}


def _target(world: World, call: Call, given: JsonObject) -> JsonObject:
    folder = _FOLDERS.get(given["resource"], given["resource"].lower())
    key = f"tmp/{world.shop.id}/{folder}/{world.uuid('Upload')}/{given['filename']}"
    world.uploads[key] = Upload(key, given["mimeType"])
    address = f"{call.caller.origin}/_standin/uploads"
    bulk = given["resource"] == "BULK_MUTATION_VARIABLES"
    if given["httpMethod"] == "PUT":
        parameters = {"content_type": given["mimeType"], "acl": "private"}
        return {
            "url": f"{address}/{key}",
            "resourceUrl": None if bulk else f"{address}/{key}",
            "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
        }
    parameters = {"Content-Type": given["mimeType"], "success_action_status": "201", "acl": "private", "key": key}
    return {
        "url": address,
        "resourceUrl": None if bulk else f"{address}/{key}",
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
    }


def require_file(world: World, path: str) -> Upload:
    """The file that a `stagedUploadPath` names; raises Refused where none came."""
    known = world.uploads.get(path)
    if known is None and _is_foreign(world, path):
        known = world.uploads[path] = Upload(path, "text/jsonl", b"")
    if known is None or known.content is None:
        raise Refused(user_error(None, NO_SUCH_FILE, "NO_SUCH_FILE"))
    return known


def _is_foreign(world: World, path: str) -> bool:
    match = _KEY.match(path)
    if match is None or not world.settings.foreign_uploads or int(match["shop"]) == world.shop.id:
        return False
    folder = path.rsplit("/", 1)[0]
    return not any(key.startswith(f"{folder}/") for key in world.uploads)
