import Glibc

let status = Tool.run(Array(CommandLine.arguments.dropFirst()))
Words.end()
exit(status)
