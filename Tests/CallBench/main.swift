import Glibc

// table               what a call costs: nanoseconds, allocations, octets asked for
// names               what there is to measure
// work NAME COUNT     COUNT calls of one kind, for an instruction counter that begins with `countedSteps`

/// Whether everything was as it should be.
func run(_ arguments: [String]) -> Bool {
  switch (arguments.first, arguments.count) {
  case ("table", 1):
    for kind in CallKind.allCases {
      guard let measurement = Measurement(kind, calls: 2_000) else {
        print("\(kind.rawValue): the calls did not go as they should")
        return false
      }
      let cost = measurement.cost()
      print(
        "\(kind.rawValue)\t\(Int(cost.nanoseconds / 1_000)) µs\t\(Int(cost.allocations)) allocations\t"
          + "\(Int(cost.octets)) octets\t\(measurement.messages) messages\t\(kind.unit)")
    }
    return true
  case ("names", 1):
    for kind in CallKind.allCases { print(kind.rawValue) }
    return true
  case ("work", 3):
    guard let kind = CallKind(rawValue: arguments[1]), let count = Int(arguments[2]),
      let measurement = Measurement(kind, calls: count)
    else { return false }
    measurement.runAndExit()
  default:
    return false
  }
}

guard run(Array(CommandLine.arguments.dropFirst())) else { exit(1) }
