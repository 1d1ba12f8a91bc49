import RCMLBasics
import RCMLDocument

extension Finding {
  /// A limit has refused so many since the last word about it (spec Y-13).
  public init(_ limit: Limit, refused count: UInt64) {
    self.init(severity: .warning, code: .limitReached, text: limit.sentence(count))
  }
}
