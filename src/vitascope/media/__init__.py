"""Pictures in, video out: `images` reads frame images, `encode` writes files, `probe` and `sheet` read them back."""
