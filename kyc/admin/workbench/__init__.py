"""The workbench: one case, its picture beside its fields, and what an officer does with it."""
