"""The API for the systems of the business around the product, under /api/v1/."""
