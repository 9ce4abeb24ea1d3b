"""Fetches faces that Debian does not carry from the npm registry, for drawing training lines.

    python -m training.webfaces            # into WEB_FACES, about 60 MB; needs npm, fonttools and brotli

All are under the SIL Open Font License; none is shipped with the product.
"""

import io
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.ttLib import TTFont

from training.faces import WEB_FACES

PACKAGES = {
    "pretendard@1.3.9": r"static/alternative/Pretendard-(Light|Regular|Medium|SemiBold|Bold)\.ttf",
    "wanted-sans@1.0.3": r"ttf/WantedSans-(Regular|Medium|Bold)\.ttf",
    "@sun-typeface/suit@2.0.5": r"ttf/SUIT-(Light|Regular|Medium|Bold)\.ttf",
    "@fontsource/ibm-plex-sans-kr@5.3.0": r"korean-(300|400|500|700)-normal\.woff2",
    "@fontsource/gowun-dodum@5.3.0": r"korean-400-normal\.woff2",
    "@fontsource/gowun-batang@5.3.0": r"korean-(400|700)-normal\.woff2",
    "@fontsource/hahmlet@5.3.0": r"korean-(300|400|500|700)-normal\.woff2",
    "@fontsource/song-myung@5.2.8": r"korean-400-normal\.woff2",
    "@fontsource/sunflower@5.3.1": r"korean-(300|500|700)-normal\.woff2",
    "@fontsource/orbit@5.3.0": r"korean-400-normal\.woff2",
}


def fetched(package: str, wanted: str) -> int:
    """Puts one package's faces that match into WEB_FACES as TrueType; how many."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", package, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for member in archive:
                if re.search(wanted, member.name) and (stream := archive.extractfile(member)):
                    face = TTFont(io.BytesIO(stream.read()))
                    face.flavor = None
                    face.save(WEB_FACES / (Path(member.name).stem + ".ttf"))
                    count += 1
    return count


def main() -> None:
    WEB_FACES.mkdir(parents=True, exist_ok=True)
    for package, wanted in PACKAGES.items():
        print(package, fetched(package, wanted))


if __name__ == "__main__":
    main()
