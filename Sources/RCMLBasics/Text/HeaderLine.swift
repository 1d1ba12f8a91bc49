/// One header line as it stands, or will stand, on a wire: already checked for control characters.
package struct HeaderLine: Hashable, Sendable {
  package var name: [UInt8]
  package var value: [UInt8]

  package init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  package init(_ name: StaticString, _ value: [UInt8]) {
    self.name = Array(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    self.value = value
  }
}
