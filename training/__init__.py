"""How the reader's models were made. Never imported at run time; see README.md."""
