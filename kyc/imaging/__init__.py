"""Pictures from strangers: decoded in a child process with little memory and time, written anew from their pixels."""

from kyc.imaging.decoders import DecodersDown
from kyc.imaging.reencode import CleanPicture, PictureProblem, PictureRefused, reencode

__all__ = ["CleanPicture", "DecodersDown", "PictureProblem", "PictureRefused", "reencode"]
