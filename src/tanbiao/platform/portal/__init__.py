"""What every page stands on: base templates, tokens, tags, navigation; and the public pages."""
