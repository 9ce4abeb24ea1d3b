"""What the pages ask of the rows. Nothing here decrypts or writes."""
