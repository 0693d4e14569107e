"""How static files are kept for browsers: named by their content, compressed, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Follows what style sheets point at, and nothing else: the wheels' scripts name source maps they do not ship."""

    manifest_strict = False
    patterns = (("*.css", (CompressedManifestStaticFilesStorage.patterns[0][1][0],)),)
