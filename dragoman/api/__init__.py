"""The JSON API under ``/api/v1/``; its OpenAPI document is at ``/api/v1/openapi.json``."""
