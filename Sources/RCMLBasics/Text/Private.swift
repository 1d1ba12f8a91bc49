/// A value that must not be read in a log, a trace, an error or a callback: printing it prints a mask.
///
/// Numbers, credentials and bodies travel wrapped; whoever unwraps one writes `.exposed` and can be found.
public struct Private<Value> {
  public var exposed: Value

  public init(_ value: Value) { exposed = value }
}

extension Private: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹private›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Private: Equatable where Value: Equatable {}
extension Private: Hashable where Value: Hashable {}
extension Private: Sendable where Value: Sendable {}
