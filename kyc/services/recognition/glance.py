"""A glance at a picture by the reader on this machine, while its customer waits: never abroad, never for long."""

import logging
from dataclasses import replace

from django.conf import settings

from kyc.domain.quality import Measures
from kyc.imaging import CleanPicture
from kyc.services.recognition.readers import LOCAL, ReaderUnavailable, reader
from ocr_integration import gateway
from ocr_integration.contract import OcrError

logger = logging.getLogger(__name__)


def glance(picture: CleanPicture) -> Measures | None:
    """What the local reader measures; None where it does not answer in time, or is not used here."""
    if LOCAL not in settings.OCR_READERS:
        return None
    try:
        told = gateway.glance(picture.jpeg, reader=replace(reader(LOCAL), deadline=settings.GLANCE_SECONDS))
    except (ReaderUnavailable, OcrError) as e:
        logger.warning("a picture got no verdict at once: %s", e.code)
        return None
    if told is None or told.geometry is None:
        return None
    seen = told.geometry
    return Measures(
        width=picture.width,
        height=picture.height,
        card_seen=not told.reason,
        located=seen.located,
        corners=seen.corners,
        card_width=seen.card_width,
        tilt=seen.tilt,
        sharpness=seen.sharpness,
        glare=seen.glare,
        brightness=seen.brightness,
    )
