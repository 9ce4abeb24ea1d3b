"""Tests mirror the tree; `tests.specimens` draws the invented cards they use."""
