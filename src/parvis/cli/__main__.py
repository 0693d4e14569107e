import sys

from parvis.cli import main

sys.exit(main())
