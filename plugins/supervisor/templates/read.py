# Reads the configuration as supervisord does; says what is wrong with it.
import sys
from supervisor.options import ServerOptions
options = ServerOptions()
options.realize(["-c", sys.argv[1]])
