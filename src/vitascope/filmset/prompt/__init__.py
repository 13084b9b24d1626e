"""From words to a scene: tables of words, and what each language does with them."""
