import CSystem
import RCMLAgent
import RCMLBasics

/// Mirrors SIP messages to whoever watches (setting `hep`). One datagram each, sent at once and never waited for: what the
/// kernel does not take is lost, and so is what nobody there receives.
final class HEPMirror {
  private var target: MirrorTarget?
  /// Below 0: none is open.
  private var descriptor: Int32 = -1

  var descriptorCount: Int { descriptor < 0 ? 0 : 1 }
  var isOn: Bool { target != nil }

  /// Nil: nothing is mirrored any more. It is tried again with the next message where there is no socket now.
  func use(_ wanted: MirrorTarget?) {
    guard wanted != target else { return }
    if wanted?.address != target?.address { close() }
    target = wanted
  }

  func send(_ message: MirroredMessage, unixMicroseconds: Int64) {
    guard let target else { return }
    if descriptor < 0 {
      var address = target.address.system
      descriptor = system_udp_connect(&address)
    }
    guard descriptor >= 0 else { return }
    let packet = HEPPacket.write(message, to: target, unixMicroseconds: unixMicroseconds)
    _ = packet.withUnsafeBytes { system_udp_send(descriptor, $0.baseAddress, $0.count) }
  }

  func close() {
    if descriptor >= 0 { system_close(descriptor) }
    descriptor = -1
  }
}
