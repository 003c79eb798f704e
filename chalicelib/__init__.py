"""Stormloop: registration that carries any rush, gives everyone the same chance and loses nothing."""

VERSION = "0.1.0"
