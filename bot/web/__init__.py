"""The desk in a browser: HTTP, pages, and who may see and change what."""
