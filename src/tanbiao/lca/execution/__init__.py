"""Large work in tasks: this process, threads, processes, or a cluster of machines."""
