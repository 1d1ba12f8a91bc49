import Glibc

exit(SimulateCommand(Array(CommandLine.arguments.dropFirst())).run())
