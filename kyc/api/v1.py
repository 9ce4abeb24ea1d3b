"""The first version: `/api/v1/`. The specification is made from this module (docs/api.md says how)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from kyc.api import refusals
from kyc.api.access import KeyAuth, with_measure
from kyc.api.data import router as data
from kyc.api.verifications import router as verifications

ABOUT = """Opens verifications of identity, tells how they stand, and gives what was approved to who may have it.

Errors are `application/problem+json` with a `code` and a sentence in English and Korean. See docs/api.md.
"""


class Api(NinjaAPI):
    """Every answer says how many requests are left, and no cache keeps one."""

    def create_response(self, request: HttpRequest, data: Any, **told: Any) -> HttpResponse:
        return with_measure(request, super().create_response(request, data, **told))

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Problems are told under their own content type, which the library has no word for."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"][414] = {
                    "description": "The web server's own answer: far too long an address."
                }
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {
                            "application/problem+json": answer["content"]["application/json"]
                        }
        return schema


api = Api(
    title="Sinwon",
    version="1",
    description=ABOUT,
    docs_url=None,  # its page would come from a CDN; docs/openapi.json is for everybody's own tools
    auth=KeyAuth(),
    urls_namespace="api",
)
api.add_router("", verifications)
api.add_router("", data)
refusals.attach(api)
