"""The customer's way, page by page, through Django's own client: no script, no reader."""
