"""Time series for planners: what is asked for, read from the store and written as a file that opens right.

`messnetz export` and the planners' address both call `publish.export.run.export`.
"""
