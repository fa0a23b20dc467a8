"""The API, put together from the apps' routers; `make check` compares its shape with docs/api/openapi.json."""

from ninja import NinjaAPI

from tanbiao.platform.certificates.api import router as certificates
from tanbiao.platform.library.api import router as library

api = NinjaAPI(title="Tanbiao 碳标", version="1", docs_url=None)
api.add_router("/certificates", certificates)
api.add_router("/library", library)
