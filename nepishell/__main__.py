"""`python -m nepishell` is `nepishell`."""

import sys

from nepishell.cli import main

sys.exit(main())
