"""The clock process, its jobs, and the heartbeats of processes."""
