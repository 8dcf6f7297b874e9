"""The process in which JavaScript codecs run; `ingest.scripts` starts it, and says what its answers mean.

`child` is the process, `wire` what goes in and out, `sandbox.js` and `buffer.js` what a codec finds there.
Nothing of the service is imported here, so that the process starts quickly and knows nothing.
"""
