"""What is known of an uncertain amount, and draws of it that depend on seed, draw and key alone."""
