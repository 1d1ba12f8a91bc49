import CRCML
import RCMLBasics

/// Counters in the text format of Prometheus: families one after the other, each with its help and type.
enum MetricsText {
  static func write(_ counters: rcml_counters) -> [UInt8] {
    var text = ByteWriter(capacity: 12_288)
    var isWritten = [Bool](repeating: false, count: MetricEntries.all.count)
    // An entry that was added later stands with its family, wherever its member is in the struct.
    for (first, metric) in MetricEntries.all.enumerated() where !isWritten[first] {
      head(metric, &text)
      for (index, other) in MetricEntries.all.enumerated().dropFirst(first)
      where other.hasName(of: metric) {
        isWritten[index] = true
        sample(other, value(index, of: counters), &text)
      }
    }
    return text.finish()
  }

  /// Behind struct_size there are only numbers of one size.
  static func value(_ index: Int, of counters: rcml_counters) -> UInt64 {
    let offset = self.offset(of: index)
    return withUnsafeBytes(of: counters) { bytes in
      offset + MemoryLayout<UInt64>.size <= bytes.count
        ? bytes.load(fromByteOffset: offset, as: UInt64.self) : 0
    }
  }

  static func offset(of index: Int) -> Int {
    let first = MemoryLayout<rcml_counters>.offset(of: \.uptime_ms) ?? MemoryLayout<UInt64>.size
    return first + index * MemoryLayout<UInt64>.size
  }

  private static func head(_ metric: Metric, _ text: inout ByteWriter) {
    text.append("# HELP ")
    text.append(metric.name)
    text.append(" ")
    text.append(metric.help)
    text.append("\n# TYPE ")
    text.append(metric.name)
    text.append(" ")
    text.append(metric.kind.word)
    text.append("\n")
  }

  private static func sample(_ metric: Metric, _ value: UInt64, _ text: inout ByteWriter) {
    text.append(metric.name)
    if metric.labels.utf8CodeUnitCount > 0 {
      text.append("{")
      text.append(metric.labels)
      text.append("}")
    }
    text.append(" ")
    text.append(decimal: value / metric.divisor)
    if metric.divisor == 1_000 {
      let rest = value % 1_000
      text.append(".")
      text.append(decimal: rest / 100)
      text.append(decimal: rest / 10 % 10)
      text.append(decimal: rest % 10)
    }
    text.append("\n")
  }
}
