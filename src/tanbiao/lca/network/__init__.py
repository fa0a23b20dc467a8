"""Networks of products: from any convention into one, solved for all products at once, followed while they change."""
