"""The way out: what people see of the time series."""
