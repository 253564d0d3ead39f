"""Lists the acceptance tests ("list") or runs one by name."""

import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def flatten(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from flatten(each)
        else:
            yield each


if __name__ == "__main__":
    # Whoever started us may ignore these, and what we start would too.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    if sys.argv[1] == "list":
        for test in flatten(unittest.defaultTestLoader.discover(os.path.dirname(os.path.abspath(__file__)), "test_*.py")):
            print(test.id())
    else:
        tests = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:])
        result = unittest.TextTestRunner(verbosity=2).run(tests)
        sys.exit(0 if result.wasSuccessful() else 1)
