import Glibc

/// A counter of rcml.h under its name for Prometheus.
struct Metric {
  /// Grows, or is how it stands now.
  enum Kind: Int32 {
    case counter = 1
    case gauge = 2

    var word: StaticString {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      }
    }
  }

  /// The name of its member in rcml_counters.
  var member: StaticString
  /// Shared by all samples of a family, which stand one after the other.
  var name: StaticString
  /// `result="busy"`; empty = none.
  var labels: StaticString
  var kind: Kind
  var help: StaticString
  /// What the member is divided by: milliseconds become seconds.
  var divisor: UInt64 = 1

  /// Whether both are of one family.
  func hasName(of other: Metric) -> Bool {
    name.utf8CodeUnitCount == other.name.utf8CodeUnitCount
      && memcmp(name.utf8Start, other.name.utf8Start, name.utf8CodeUnitCount) == 0
  }
}
