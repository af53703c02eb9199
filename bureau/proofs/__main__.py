"""`python3 -I verifier.pyz ...`, and `python -m bureau.proofs ...` where the portal is installed."""

import sys

from bureau.proofs.cli import main

if __name__ == "__main__":
    sys.exit(main())
