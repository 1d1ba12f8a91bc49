import CSecureRTP
import RCMLBasics

/// Opens what comes from one party, and seals what goes to it (spec T-10). Nothing is allocated for a packet.
///
/// A party that has one is never sent anything open, and nothing open is believed of it, whatever fails here.
public final class PacketSecrecy {
  /// What a packet grows by at most when it is sealed.
  public static let growth = Int(SECURE_RTP_GROWTH)

  private var incoming: SecureDirection?
  private var outgoing: SecureDirection?
  /// Under the key before the last change: such packets are still under way.
  private var former: SecureDirection?
  /// Packets under the new key until the former one is forgotten.
  private var patience = 0
  private var report = [UInt8](repeating: 0, count: PacketSecrecy.reportRoom)

  private static let reportRoom = 2_048
  private static let patienceLimit = 64

  public init(_ secrecy: StreamSecrecy) {
    incoming = SecureDirection(secrecy.incoming)
    outgoing = SecureDirection(secrecy.outgoing)
  }

  /// Whether this machine can do all of it.
  public static func isThere(_ suite: SecureSuite) -> Bool {
    secure_rtp_is_there(Int32(suite.rawValue))
  }

  /// A description came: what has not changed goes on counting (RFC 4568 §7.1.4).
  func follow(_ secrecy: StreamSecrecy) {
    if incoming?.key != secrecy.incoming {
      former = incoming
      patience = PacketSecrecy.patienceLimit
      incoming = SecureDirection(secrecy.incoming)
    }
    if outgoing?.key != secrecy.outgoing { outgoing = SecureDirection(secrecy.outgoing) }
  }

  // MARK: RTP

  /// Octets that are left of it. Nil: it is not the party's, or was there already.
  @inline(__always)
  public func open(_ packet: UnsafeMutableRawBufferPointer) -> Int? {
    if let count = incoming?.open(packet) {
      if former != nil { countDown() }
      return count
    }
    return former?.open(packet)
  }

  @inline(never)
  private func countDown() {
    patience -= 1
    if patience <= 0 { former = nil }
  }

  /// What it grows to. Nil: there is no room, or it must not be sent.
  @inline(__always)
  public func seal(_ room: UnsafeMutableRawBufferPointer, _ count: Int) -> Int? {
    outgoing?.seal(room, count)
  }

  // MARK: RTCP

  /// A report as it was meant; it lives until the next one. Nil: it is not the party's.
  func openControl(_ packet: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
    guard packet.count <= report.count else { return nil }
    for direction in [incoming, former] {
      guard let direction else { continue }
      let count = report.withUnsafeMutableBytes { room -> Int? in
        room.copyMemory(from: packet)
        return direction.openControl(UnsafeMutableRawBufferPointer(rebasing: room[..<packet.count]))
      }
      if let count { return report[..<count] }
    }
    return nil
  }

  public func sealControl(_ room: UnsafeMutableRawBufferPointer, _ count: Int) -> Int? {
    outgoing?.sealControl(room, count)
  }
}
