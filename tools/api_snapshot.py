"""Keep docs/api/openapi.json in step with the code: `write` makes it anew, `check` fails where the two differ."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

SNAPSHOT = Path(__file__).resolve().parents[1] / "docs" / "api" / "openapi.json"


def current() -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanbiao.site.settings")
    import django

    django.setup()
    from tanbiao.site.api import api

    return (
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )


def main() -> int:
    fresh = current()
    if sys.argv[1:] == ["write"]:
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(fresh)
        return 0
    if not SNAPSHOT.exists() or SNAPSHOT.read_text() != fresh:
        print("docs/api/openapi.json differs from the API: look at the difference, then `tools/api_snapshot.py write`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
