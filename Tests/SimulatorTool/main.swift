import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.contains(where: { $0.hasPrefix("--walk") }) {
  exit(WalkCommand(arguments).run())
}
exit(SimulateCommand(arguments).run())
