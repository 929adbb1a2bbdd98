"""Importers: each turns one kind of foreign file into posts."""
