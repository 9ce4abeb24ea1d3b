"""Our own card reader: locates, flattens and reads a Korean resident card on this machine."""

from ocr_integration.engine.errors import ModelDamaged, Reason, Unreadable
from ocr_integration.engine.reader import CardEngine, CardRead

VERSION = "1.3.0"

__all__ = ["VERSION", "CardEngine", "CardRead", "ModelDamaged", "Reason", "Unreadable"]
