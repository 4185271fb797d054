"""Numbers for Prometheus: counted by every process that serves, shown by `serve_metrics`."""
