"""The operators' Grafana boards as code: one module a board, written as JSON by `python -m publish.boards`.

Grafana loads the JSON from `grafana/boards/`; `grafana/README.md` says what each board answers.
"""
