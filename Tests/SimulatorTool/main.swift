import Glibc
import RCMLAgent
import RCMLBasics
import Simulator

setvbuf(stdout, nil, _IOLBF, 0)
exit(SimulateCommand(Array(CommandLine.arguments.dropFirst())).run())
