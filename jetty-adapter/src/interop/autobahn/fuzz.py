# Runs the Autobahn fuzzing client against a server. This is Python 2, for Jython:
#
#   fuzz.py SUITE OUTDIR URL SUBPROTOCOL CASE...
#
# SUITE is the folder that the Autobahn test suite was unpacked to, CASE is a case or a pattern such as "9.*".
# OUTDIR gets the report, and in the file "cases" the names of the cases that are run. Prints a line for each
# case as it begins.

import os
import sys

suite, outdir, url, subprotocol = sys.argv[1:5]
cases = sys.argv[5:]
sys.path.insert(0, suite)

import autobahntestsuite.choosereactor  # has to come first
from autobahntestsuite import fuzzing
from twisted.internet import reactor

# The suite gives a server a second for most answers, which a busy machine may take for itself. A server that
# answers as it should is not waited for any longer.
PATIENCE = 30
kill_after = fuzzing.FuzzingProtocol.killAfter
fuzzing.FuzzingProtocol.killAfter = lambda protocol, delay: kill_after(protocol, max(delay, PATIENCE))

# Twisted wants byte strings, which is what Jython makes of arguments and of the literals here.
factory = fuzzing.FuzzingClientFactory({
    'outdir': outdir,
    'servers': [{'agent': 'edge', 'url': url, 'protocols': [subprotocol]}],
    # After a violation the client closes as the RFC says, instead of dropping the connection.
    'options': {
        'failByDrop': False,
        'version': 18,
        'openHandshakeTimeout': PATIENCE,
        'closeHandshakeTimeout': PATIENCE,
        'serverConnectionDropTimeout': PATIENCE,
    },
    'cases': cases,
    'exclude-cases': [],
    'exclude-agent-cases': {},
})
names = open(os.path.join(outdir, 'cases'), 'w')
names.write(''.join(case + '\n' for case in factory.specCases))
names.close()
reactor.run()
