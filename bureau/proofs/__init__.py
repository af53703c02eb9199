"""What outsiders run to check us: Python's standard library alone, no portal, no database, no network.

Whatever stands here is also part of the stand-alone verifier that `manage.py build_verifier` makes, so it imports
nothing of the portal and no third party.
"""
