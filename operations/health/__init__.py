"""Whether the paper is well: asked by monitors (answering), shown to editors (panel)."""
