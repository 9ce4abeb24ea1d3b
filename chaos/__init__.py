"""The fault drill: the whole product under every fault at once, and what became of each picture (`make chaos`)."""
