import CRCML
import Glibc
import RCMLAgent
import RCMLBasics

/// Strings in and out (header: STRINGS).
enum CText {
  /// "" for what does not apply: never NULL.
  static var empty: UnsafePointer<CChar> { constant("") }

  static func constant(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// A key of a telephone.
  static func key(_ key: CChar) throws(Failure) -> UInt8 {
    let octet = UInt8(bitPattern: Int8(truncatingIfNeeded: key))
    guard TelephoneKey.isKey(octet) else {
      throw Failure(RCML_E_ARGUMENT, "That is no key: one of 0123456789*#ABCD.")
    }
    return octet
  }

  /// A NUL-terminated string; nil for NULL.
  static func read(_ pointer: UnsafePointer<CChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  /// `length` octets; 0 = up to the NUL. Nil when longer than anything that makes sense.
  static func octets(_ pointer: UnsafePointer<CChar>, length: Int) -> [UInt8]? {
    let count = length == 0 ? strlen(pointer) : length
    guard count >= 0, count <= 1 << 30 else { return nil }
    return Array(UnsafeRawBufferPointer(start: pointer, count: count))
  }

  /// Cut off so that the NUL fits and no character is cut in two.
  static func copy(_ text: String, to target: UnsafeMutableRawPointer, room: Int) {
    guard room > 0 else { return }
    var bytes = Array(text.utf8.prefix(room - 1))
    if bytes.count < text.utf8.count {
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    bytes.append(0)
    bytes.withUnsafeBytes {
      target.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(target), byteCount: $0.count)
    }
  }

  /// A copy that lives as long as the process, for words handed out as static.
  static func permanent(_ text: String) -> UnsafePointer<CChar> {
    text.withCString { UnsafePointer(strdup($0)) } ?? empty
  }

  /// A list of texts; `what` they are, for the refusal.
  static func list(
    _ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ what: String
  ) throws(Failure) -> [String] {
    guard count >= 0, count == 0 || list != nil else { throw .missing("The list of \(what)") }
    var found: [String] = []
    for index in 0..<count {
      guard let text = read(list?[index]) else { throw .missing("One of the \(what)") }
      found.append(text)
    }
    return found
  }

  /// Settings as the header has them: "name=value".
  static func pairs(
    _ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
  ) throws(Failure) -> [(String, String)] {
    var found: [(String, String)] = []
    for pair in try self.list(list, count, "settings") {
      guard let mark = pair.firstIndex(of: "=") else {
        throw Failure(RCML_E_SETTING, "\"\(pair)\" is not name=value.")
      }
      found.append((String(pair[..<mark]), String(pair[pair.index(after: mark)...])))
    }
    return found
  }
}

/// Strings lent to the caller until the next call: in blocks that do not move while one event is written.
struct LentText {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var used = 0

  /// Everything lent before is over.
  mutating func reset() {
    while blocks.count > 1, let last = blocks.popLast() { last.deallocate() }
    used = 0
  }

  mutating func free() {
    for block in blocks { block.deallocate() }
    blocks = []
    used = 0
  }

  mutating func put(_ text: String) -> UnsafePointer<CChar> {
    var text = text
    return text.withUTF8 { put(octets: UnsafeRawBufferPointer($0)) }
  }

  mutating func put(octets: UnsafeRawBufferPointer) -> UnsafePointer<CChar> {
    guard !octets.isEmpty else { return CText.empty }
    let need = octets.count + 1
    if blocks.last.map({ $0.count - used < need }) ?? true {
      blocks.append(.allocate(byteCount: max(need, 4_096), alignment: 1))
      used = 0
    }
    guard let block = blocks.last, let base = block.baseAddress else { return CText.empty }
    let target = base + used
    if let source = octets.baseAddress { target.copyMemory(from: source, byteCount: octets.count) }
    target.storeBytes(of: 0, toByteOffset: octets.count, as: UInt8.self)
    used += need
    return UnsafePointer(target.assumingMemoryBound(to: CChar.self))
  }

  /// Octets from a peer: what is not UTF-8 becomes U+FFFD. Also says how long it became.
  mutating func put(checking bytes: [UInt8]) -> (pointer: UnsafePointer<CChar>, length: Int) {
    let text = String(decoding: bytes, as: UTF8.self)
    return (put(text), text.utf8.count)
  }
}
