extension Command {
  static let check = Command(
    name: "check", summary: "says what is wrong with documents; status 1 if one would not run",
    operands: "FILE...", options: [json, help]
  ) { options throws(Problem) in
    guard !options.operands.isEmpty else {
      throw .usage("FILE is missing; - reads standard input.")
    }
    var allRun = true
    for path in options.operands {
      let report = DocumentReport(path: path, bytes: try Files.read(path))
      let runs = options.has("json") ? report.printJSON() : report.print(to: Words.out)
      allRun = allRun && runs
    }
    return allRun ? 0 : 1
  }
}
