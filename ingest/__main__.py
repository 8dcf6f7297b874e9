"""`python -m ingest` is `messnetz`."""

from ingest.cli import main

if __name__ == "__main__":
    main()
