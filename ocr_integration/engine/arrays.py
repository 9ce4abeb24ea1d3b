"""The kinds of arrays that travel between the engine's files."""

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""A picture: (height, width, 3) blue-green-red, or (height, width) grey."""
Points = NDArray[np.float32]
"""(n, 2) places x, y; a quadrilateral is (4, 2), clockwise from its own top left."""
Floats = NDArray[np.float32]
"""Any other array of numbers: probabilities (steps, classes), a heat map, a homography."""
Classes = NDArray[np.int64]
"""Indices: letters of the recogniser, columns, rows."""
