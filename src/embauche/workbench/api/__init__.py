"""The REST API: the same services as the pages, under ``/api/v1/``; loaded at the first request."""

from typing import Final

PREFIX: Final = "/api/v1/"
