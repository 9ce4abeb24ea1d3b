"""Many cases at once: given to an officer, read by another reader, taken as a file. Never approved."""
