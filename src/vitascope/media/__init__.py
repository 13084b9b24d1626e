"""Pictures in, video out.

`images` looks at picture files and `fit` makes frame images of them; `encode` writes videos as `recipe` says, `preview`
small pictures; `probe` and `sheet` read files back.
"""
