"""Where a picture says it came from: a browser's own word, recorded as such, which a policy may ask for."""

from enum import StrEnum


class Source(StrEnum):
    CAMERA = "camera"  # the live view of this product's page
    VIRTUAL = "virtual"  # the same, but the camera's name is that of a program
    FILE = "file"  # a file, or the phone's own camera app, which a page cannot tell apart
    STAFF = "staff"  # an officer, at the counter or by command
    SPECIMEN = "specimen"  # the demonstration's own cards


FROM_CUSTOMERS = (Source.CAMERA, Source.VIRTUAL, Source.FILE)
