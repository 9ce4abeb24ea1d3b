"""The pages of figures: how the work goes, and how often readers and people are right."""
