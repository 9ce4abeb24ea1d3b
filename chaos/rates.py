"""How the failing reader fails, and which of its calls a vendor may have on its bill."""

# Shares of the calls, as issue 8 names them.
FAULTS = {"hung": 0.10, "500": 0.05, "limited": 0.05, "truncated": 0.03}
# Whatever was read, whether or not the answer arrived.
BILLED = ("answered", "hung", "truncated")
