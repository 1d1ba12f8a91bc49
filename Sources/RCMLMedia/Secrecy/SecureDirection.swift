import CSecureRTP
import RCMLBasics

/// What one side sends under one key: the numbers of its sources, and what was there already (RFC 3711 §3.2).
final class SecureDirection {
  let key: SecureKey
  private let handle: OpaquePointer

  /// Nil: this machine cannot compute it.
  init?(_ key: SecureKey) {
    guard
      let handle = key.octets.withUnsafeBufferPointer({ octets in
        secure_rtp_create(Int32(key.suite.rawValue), octets.baseAddress)
      })
    else { return nil }
    secure_rtp_expect_identifier(handle, key.identifierLength)
    self.key = key
    self.handle = handle
  }

  deinit { secure_rtp_destroy(handle) }

  /// Where they lie, `count` octets become more. Nil: nothing may be sent.
  @inline(__always)
  func seal(_ room: UnsafeMutableRawBufferPointer, _ count: Int) -> Int? {
    length(secure_rtp_protect(handle, octets(room), count, room.count))
  }

  func sealControl(_ room: UnsafeMutableRawBufferPointer, _ count: Int) -> Int? {
    length(secure_rtp_protect_control(handle, octets(room), count, room.count))
  }

  /// Nil: it is somebody else's, or was there already.
  @inline(__always)
  func open(_ packet: UnsafeMutableRawBufferPointer) -> Int? {
    length(secure_rtp_unprotect(handle, octets(packet), packet.count))
  }

  func openControl(_ packet: UnsafeMutableRawBufferPointer) -> Int? {
    length(secure_rtp_unprotect_control(handle, octets(packet), packet.count))
  }

  @inline(__always)
  private func octets(_ room: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<UInt8>? {
    room.baseAddress?.assumingMemoryBound(to: UInt8.self)
  }

  @inline(__always)
  private func length(_ result: Int) -> Int? { result < 0 ? nil : result }
}
