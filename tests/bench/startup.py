# Start-up: nothing at all.
