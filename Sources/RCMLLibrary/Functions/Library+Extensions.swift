// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import Glibc

@c @implementation
public func rcml_extension(_ id: UnsafePointer<CChar>?, _ revision: UInt32) -> UnsafeRawPointer? {
  guard let id else { return nil }
  return Extensions.all.first {
    $0.revision == revision && strcmp($0.id, id) == 0
  }?.functions
}

/// What `rcml_extension` finds: tables that live as long as the process.
private struct Extensions: @unchecked Sendable {
  let id: UnsafePointer<CChar>
  let revision: UInt32
  let functions: UnsafeRawPointer

  static let all = [
    Extensions(id: CText.constant("rcml.metrics"), revision: 1, functions: metrics())
  ]

  private static func metrics() -> UnsafeRawPointer {
    let table = UnsafeMutablePointer<rcml_metrics_extension>.allocate(capacity: 1)
    table.initialize(
      to: rcml_metrics_extension(
        struct_size: MemoryLayout<rcml_metrics_extension>.size,
        entry: { index, info in
          guard let info else { return RCML_E_ARGUMENT.rawValue }
          guard index >= 0, index < MetricEntries.all.count else { return 0 }
          let metric = MetricEntries.all[index]
          var filled = rcml_metric_info()
          filled.kind = metric.kind.rawValue
          filled.name = CText.constant(metric.name)
          filled.labels = CText.constant(metric.labels)
          filled.help = CText.constant(metric.help)
          filled.member = CText.constant(metric.member)
          filled.offset = MetricsText.offset(of: index)
          filled.divisor = metric.divisor
          return SizedStruct.write(filled, to: info) ? 1 : RCML_E_ARGUMENT.rawValue
        }))
    return UnsafeRawPointer(table)
  }
}
