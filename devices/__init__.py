"""What stands in the street: quantities, device types, the registry, codecs, and what an uplink means.

Pure: no sockets, no event loop, no database. Everything here is a function of its arguments.
"""
