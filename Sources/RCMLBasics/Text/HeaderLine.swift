/// One header line as it stands, or will stand, on a wire: already checked for control characters.
public struct HeaderLine: Hashable, Sendable {
  public var name: [UInt8]
  public var value: [UInt8]

  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  public init(_ name: StaticString, _ value: [UInt8]) {
    self.name = Array(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    self.value = value
  }
}
