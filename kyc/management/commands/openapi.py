"""`manage.py openapi`: the API's specification, made from the code; docs/openapi.json is what it prints."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from kyc.api.v1 import api


class Command(BaseCommand):
    help = "Prints the API's specification (OpenAPI 3.1)."

    def handle(self, *arguments: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1))
