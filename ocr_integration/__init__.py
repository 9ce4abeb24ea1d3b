"""Card recognition: the wire contract, a gateway that calls a reader, and a reader of our own."""

import os

# onnxruntime reports to its maker unless told not to before it is first imported: nothing leaves from here unasked.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
