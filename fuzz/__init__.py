"""Fuzz targets, run by hand with atheris (docs/how-to/fuzz.md); the unit suite tries the same checks on a few inputs."""
