// Nothing to do: see the manifest.
