"""Card recognition: the wire contract, a gateway that calls a reader, and a reader of our own."""
