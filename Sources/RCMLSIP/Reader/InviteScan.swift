import RCMLBasics

/// Whether a datagram is an INVITE without a To tag, told without reading it: it begins a call, or it repeats an INVITE that
/// did. Whoever sends something odd (a folded To, a method in small letters) is told wrong, and waits or does not.
public enum InviteScan {
  public static func beginsCall(_ octets: UnsafeRawBufferPointer) -> Bool {
    guard octets.equals("INVITE ", 0..<min(7, octets.count)) else { return false }
    var line = octets.first(10, from: 7, to: octets.count).map { $0 + 1 } ?? octets.count
    while line < octets.count, octets[line] != 13, octets[line] != 10 {
      let end = octets.first(10, from: line, to: octets.count) ?? octets.count
      if isTo(octets, line, end) { return !hasTag(octets, line, end) }
      line = end + 1
    }
    return true
  }

  public static func isCancel(_ octets: UnsafeRawBufferPointer) -> Bool {
    octets.equals("CANCEL ", 0..<min(7, octets.count))
  }

  private static func isTo(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    guard end - start >= 3, octets[start] | 0x20 == UInt8(ascii: "t") else { return false }
    var name = start + 1
    if octets[name] | 0x20 == UInt8(ascii: "o") { name += 1 }
    while name < end, octets[name] == 32 || octets[name] == 9 { name += 1 }
    return name < end && octets[name] == UInt8(ascii: ":")
  }

  /// `;tag` behind the address, whatever stands in it.
  private static func hasTag(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    var place = start
    while let mark = octets.first(UInt8(ascii: ";"), from: place, to: end) {
      place = mark + 1
      var name = place
      while name < end, octets[name] == 32 || octets[name] == 9 { name += 1 }
      guard name + 3 < end, octets.equalsIgnoringCase("tag", name..<name + 3) else { continue }
      let next = octets[name + 3]
      if next == UInt8(ascii: "=") || next == 32 || next == 9 { return true }
    }
    return false
  }
}
