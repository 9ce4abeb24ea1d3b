"""The only place that encrypts and decrypts. It takes bytes and an identity, never models."""
