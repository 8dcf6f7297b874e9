"""The planners' address: a form that builds the address of an export, a preview, and the files."""
