"""Figures for the office: output, characters, fees (稿费)."""
