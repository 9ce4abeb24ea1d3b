"""A client for Sinwon's API (docs/api.md): typed, small, on the standard library alone."""

from sinwon_client.client import Client, Page, Problem, Verification
from sinwon_client.webhooks import Event, ForgedWebhook, read_webhook

__all__ = ["Client", "Event", "ForgedWebhook", "Page", "Problem", "Verification", "read_webhook"]
