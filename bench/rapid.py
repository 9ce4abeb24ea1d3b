"""RapidOCR as a child process: a length and a PNG in, a line of JSON out. Runs in an environment of its own."""

import json
import sys
import time

import cv2
import numpy as np
from rapidocr import RapidOCR


def main() -> None:
    said = sys.stdout
    sys.stdout = sys.stderr  # what the library prints must not mix with answers
    engine = RapidOCR(
        params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "critical"}
    )
    while head := sys.stdin.buffer.read(4):
        image = cv2.imdecode(np.frombuffer(sys.stdin.buffer.read(int.from_bytes(head, "big")), np.uint8), 1)
        began = time.process_time()
        found = engine(image)
        cpu = time.process_time() - began
        boxes = [] if found.boxes is None else found.boxes
        lines = [
            (text, [*map(float, np.min(box, 0)), *map(float, np.max(box, 0))])
            for text, box in zip(found.txts or (), boxes, strict=True)
        ]
        said.write(json.dumps({"lines": lines, "cpu": cpu}) + "\n")
        said.flush()


if __name__ == "__main__":
    main()
