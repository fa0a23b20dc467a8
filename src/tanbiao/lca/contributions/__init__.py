"""Where an impact arises: tables, trees, paths, edges for Sankey diagrams, folding."""
