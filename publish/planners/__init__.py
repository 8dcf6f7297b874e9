"""The planners' address: a page that builds exports, and the files themselves, behind a login of its own.

`app` puts it together. The work is done in processes of its own (`process`, `child`), which call what
`messnetz export` calls; what they made stands on the disk before the first byte of it is sent (`shelf`).
"""
