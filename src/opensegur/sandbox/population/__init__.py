"""The fictional people, professionals and structures that every simulated service knows."""
