"""The rules of the card and of a case: pure Python, no Django, no input or output."""
