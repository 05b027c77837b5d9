"""Puts the right freelancer in front of the right job.

The public names are in their modules; nothing heavy is imported here, so that
the command line starts fast.
"""

__version__ = "0.1.0"
